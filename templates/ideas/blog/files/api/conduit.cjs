// What the scripts of this collection share: users and articles with names of their own.

const PASSWORD = "a long sentence is a good password";

function unique(prefix) {
  return prefix + Date.now() + Math.random().toString().slice(2, 10);
}

/** Sends a request with a JSON body as the user of the token and answers the body of the answer. */
async function send(bru, method, path, token, body) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Token ${token}`;
  const url = bru.getEnvVar("baseUrl") + path;
  const data = body && JSON.stringify(body);
  return (await bru.sendRequest({ method, url, headers, data })).data;
}

/** Registers somebody new. */
async function register(bru) {
  const username = unique("user");
  const user = { username, email: `${username}@example.com`, password: PASSWORD };
  return { ...user, ...(await send(bru, "POST", "/api/users", null, { user })).user };
}

/** Publishes an article; `fields` are those that matter. */
async function publish(bru, token, fields = {}) {
  const article = { title: unique("Article "), description: "About it", body: "Text", ...fields };
  return (await send(bru, "POST", "/api/articles", token, { article })).article;
}

module.exports = { PASSWORD, publish, register, send, unique };
