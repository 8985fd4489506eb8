// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/todos.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/todos.js
//   k6 run -e PREFILL=10000 load/todos.js      first adds 10,000 todos, which stay
//
// Each user lists, searches, adds a todo, changes it, reads it and deletes it again. k6 ends
// with exit code 99 when a threshold is missed. Measure the application itself: the proxy of
// compose.yaml allows each address 100 requests a second.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const TODOS = `${__ENV.BASE_URL || "http://127.0.0.1:8000"}/api/v1/todos`;
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
    "http_req_duration{name:list}": ["p(95)<200"],
    "http_req_duration{name:search}": ["p(95)<300"],
    "http_req_duration{name:create}": ["p(95)<200"],
    "http_req_duration{name:change}": ["p(95)<200"],
    "http_req_duration{name:read}": ["p(95)<100"],
    "http_req_duration{name:delete}": ["p(95)<200"],
  },
  setupTimeout: "10m",
};

// The tag keeps all todos in one line of the report, whatever their URL.
function named(name) {
  return { headers: { "Content-Type": "application/json" }, tags: { name } };
}

function newTodo(title) {
  return JSON.stringify({ title, order: Math.floor(Math.random() * 1000) });
}

export function setup() {
  for (let made = 0; made < PREFILL; made += BATCH) {
    const requests = [];
    for (let number = made; number < Math.min(made + BATCH, PREFILL); number += 1) {
      requests.push(["POST", TODOS, newTodo(`Filler ${number}`), named("prefill")]);
    }
    const refused = http.batch(requests).filter((response) => response.status !== 201);
    if (refused.length > 0) fail(`${refused.length} todos were refused: ${refused[0].status}`);
  }
}

export default function () {
  const list = http.get(`${TODOS}?pageSize=20`, named("list"));
  check(list, { "list is 200": (response) => response.status === 200 });

  const search = http.get(`${TODOS}?q=milk&completed=false&pageSize=20`, named("search"));
  check(search, { "search is 200": (response) => response.status === 200 });

  const created = http.post(TODOS, newTodo("Buy milk"), named("create"));
  if (!check(created, { "create is 201": (response) => response.status === 201 })) return;

  const url = created.headers.Location;
  const changed = http.patch(url, JSON.stringify({ completed: true }), named("change"));
  check(changed, { "change is 200": (response) => response.status === 200 });

  const read = http.get(url, named("read"));
  check(read, { "read sees the change": (response) => response.json("completed") === true });

  const deleted = http.del(url, null, named("delete"));
  check(deleted, { "delete is 204": (response) => response.status === 204 });

  sleep(1);
}
