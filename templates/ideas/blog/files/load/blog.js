// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/blog.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/blog.js
//   k6 run -e PREFILL=10000 load/blog.js       first publishes 10,000 articles, which stay
//
// One author registers; each user then reads lists, the feed and an article, publishes one, marks
// it, comments on it and deletes it again. k6 ends with exit code 99 when a threshold is missed.
// Measure the application itself: the proxy of compose.yaml allows each address 100 requests a
// second.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const API = `${__ENV.BASE_URL || "http://127.0.0.1:8000"}/api`;
const USERS = Number(__ENV.USERS || 5);
const PREFILL = Number(__ENV.PREFILL || 0);
const BATCH = 20;

export const options = {
  stages: [
    { duration: "10s", target: USERS },
    { duration: "30s", target: USERS },
    { duration: "5s", target: 0 },
  ],
  thresholds: {
    checks: ["rate>0.99"],
    http_req_failed: ["rate<0.01"],
    "http_req_duration{name:list}": ["p(95)<300"],
    "http_req_duration{name:tag}": ["p(95)<300"],
    "http_req_duration{name:feed}": ["p(95)<300"],
    "http_req_duration{name:publish}": ["p(95)<300"],
    "http_req_duration{name:read}": ["p(95)<200"],
    "http_req_duration{name:html}": ["p(95)<200"],
    "http_req_duration{name:favorite}": ["p(95)<300"],
    "http_req_duration{name:comment}": ["p(95)<300"],
    "http_req_duration{name:delete}": ["p(95)<300"],
  },
  setupTimeout: "10m",
};

// The tag keeps all articles in one line of the report, whatever their URL.
function named(name, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Token ${token}`;
  return { headers, tags: { name } };
}

function newArticle(title) {
  const body = "A paragraph with *emphasis* and a [link](https://example.com).\n\n".repeat(20);
  const article = { title, description: "How fast is it?", body, tagList: ["load", "test"] };
  return JSON.stringify({ article });
}

export function setup() {
  const username = `load${Date.now()}`;
  const user = { username, email: `${username}@example.com`, password: "a long sentence" };
  const registered = http.post(`${API}/users`, JSON.stringify({ user }), named("register"));
  if (registered.status !== 201) fail(`nobody could register: ${registered.status}`);
  const token = registered.json("user.token");
  http.post(`${API}/profiles/${username}/follow`, null, named("follow", token));
  for (let made = 0; made < PREFILL; made += BATCH) {
    const requests = [];
    for (let number = made; number < Math.min(made + BATCH, PREFILL); number += 1) {
      const body = newArticle(`Filler ${number}`);
      requests.push(["POST", `${API}/articles`, body, named("prefill", token)]);
    }
    const refused = http.batch(requests).filter((response) => response.status !== 201);
    if (refused.length > 0) fail(`${refused.length} articles were refused: ${refused[0].status}`);
  }
  return { token };
}

export default function ({ token }) {
  const list = http.get(`${API}/articles?limit=20`, named("list", token));
  check(list, { "list is 200": (response) => response.status === 200 });

  const tag = http.get(`${API}/articles?tag=load&limit=20`, named("tag"));
  check(tag, { "tag is 200": (response) => response.status === 200 });

  const feed = http.get(`${API}/articles/feed?limit=20`, named("feed", token));
  check(feed, { "feed is 200": (response) => response.status === 200 });

  const published = http.post(`${API}/articles`, newArticle("Load"), named("publish", token));
  if (!check(published, { "publish is 201": (response) => response.status === 201 })) return;
  const url = `${API}/articles/${published.json("article.slug")}`;

  const favorite = http.post(`${url}/favorite`, null, named("favorite", token));
  check(favorite, { "favorite is 200": (response) => response.status === 200 });

  const comment = JSON.stringify({ comment: { body: "Fast enough." } });
  const commented = http.post(`${url}/comments`, comment, named("comment", token));
  check(commented, { "comment is 201": (response) => response.status === 201 });

  const read = http.get(url, named("read", token));
  check(read, { "read sees the mark": (response) => response.json("article.favorited") === true });

  const html = http.get(`${url}/html`, named("html"));
  check(html, { "html is 200": (response) => response.status === 200 });

  const deleted = http.del(url, null, named("delete", token));
  check(deleted, { "delete is 204": (response) => response.status === 204 });

  sleep(1);
}
