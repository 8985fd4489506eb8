// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/social.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/social.js
//
// Registers one account for each user; they stay, and follow one another. Each user reads the home
// timeline and the page after it, posts, likes, searches and reads notifications. Start the
// application with REGISTRATION_LIMIT=100000/minute and WRITE_LIMIT=100000/minute, or it answers 429.
// k6 ends with exit code 99 when a threshold is missed.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const API = `${__ENV.BASE_URL || "http://127.0.0.1:8000"}/api/v1`;
const USERS = Number(__ENV.USERS || 5);
const PASSWORD = "a long way to the moon";

export const options = {
  stages: [
    { duration: "10s", target: USERS },
    { duration: "30s", target: USERS },
    { duration: "5s", target: 0 },
  ],
  thresholds: {
    checks: ["rate>0.99"],
    http_req_failed: ["rate<0.01"],
    "http_req_duration{name:home}": ["p(95)<300"],
    "http_req_duration{name:next}": ["p(95)<300"],
    "http_req_duration{name:post}": ["p(95)<300"],
    "http_req_duration{name:like}": ["p(95)<200"],
    "http_req_duration{name:search}": ["p(95)<500"],
    "http_req_duration{name:notifications}": ["p(95)<300"],
  },
  setupTimeout: "10m",
};

// The tag keeps all posts in one line of the report, whatever their URL.
function named(name, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  return { headers, tags: { name } };
}

export function setup() {
  const run = Date.now().toString(36);
  const people = [];
  for (let number = 0; number < USERS; number += 1) {
    const handle = `load_${run}_${number}`;
    const account = { email: `${handle}@example.com`, password: PASSWORD };
    const made = http.post(`${API}/users`, JSON.stringify({ ...account, handle }), named("register"));
    if (made.status !== 201) fail(`an account was refused: ${made.status}`);
    const session = http.post(`${API}/sessions`, JSON.stringify(account), named("log in"));
    people.push({ handle, token: session.json("accessToken") });
  }
  for (const person of people) {
    for (const other of people) {
      if (other !== person) {
        http.put(`${API}/profiles/${other.handle}/follow`, null, named("follow", person.token));
      }
    }
    http.post(`${API}/posts`, JSON.stringify({ text: "Hello #load" }), named("first", person.token));
  }
  return people;
}

export default function (people) {
  const { token } = people[(__VU - 1) % people.length];

  const home = http.get(`${API}/timelines/home`, named("home", token));
  check(home, { "home is 200": (response) => response.status === 200 });
  const cursor = home.json("nextCursor");
  if (cursor) {
    const next = http.get(`${API}/timelines/home?cursor=${cursor}`, named("next", token));
    check(next, { "next is 200": (response) => response.status === 200 });
  }

  const text = JSON.stringify({ text: `Post ${__VU} ${__ITER} #load` });
  const posted = http.post(`${API}/posts`, text, named("post", token));
  check(posted, { "post is 201": (response) => response.status === 201 });

  const first = home.json("items.0.id");
  const liked = http.put(`${API}/posts/${first}/like`, null, named("like", token));
  check(liked, { "like is 200": (response) => response.status === 200 });

  const found = http.get(`${API}/posts/search?q=load`, named("search", token));
  check(found, { "search is 200": (response) => response.status === 200 });

  const told = http.get(`${API}/notifications`, named("notifications", token));
  check(told, { "notifications are 200": (response) => response.status === 200 });

  sleep(1);
}
