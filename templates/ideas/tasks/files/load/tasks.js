// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/tasks.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/tasks.js
//   k6 run -e SAME=1 load/tasks.js      all users work in the same project
//
// It needs the examples, logs in as their owner, and makes projects and tasks that stay there: use a
// database that you can throw away. k6 ends with exit code 99 when a threshold is missed. Measure
// the application itself: the proxy of compose.yaml limits each address.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const API = `${__ENV.BASE_URL || "http://127.0.0.1:8000"}/api/v1`;
const USERS = Number(__ENV.USERS || 5);
const SAME = Boolean(__ENV.SAME);
const OWNER = {
  email: __ENV.EMAIL || "demo@example.com",
  password: __ENV.PASSWORD || "weave-some-numbers",
};

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
    "http_req_duration{name:board}": ["p(95)<200"],
    "http_req_duration{name:create}": ["p(95)<300"],
    "http_req_duration{name:change}": ["p(95)<300"],
    "http_req_duration{name:move}": ["p(95)<300"],
    "http_req_duration{name:comment}": ["p(95)<300"],
  },
};

let token = "";
let project = "";

function request(method, path, body, name) {
  const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
  const content = body === null ? null : JSON.stringify(body);
  return http.request(method, API + path, content, { headers, tags: { name } });
}

function logIn() {
  const answer = request("POST", "/sessions", OWNER, "login");
  if (!check(answer, { "logged in": (r) => r.status === 201 })) {
    fail(`No login: ${answer.status} ${answer.body}`);
  }
  token = answer.json("accessToken");
}

function makeProject() {
  const organisations = request("GET", "/organisations", null, "organisations");
  const organisation = organisations.json("items.0.id");
  const path = `/organisations/${organisation}/projects`;
  const made = request("POST", path, { name: "Load test" }, "project");
  check(made, { "made a project": (r) => r.status === 201 });
  return made.json("id");
}

// Runs once, before the users: the project that all of them share.
export function setup() {
  logIn();
  return SAME ? makeProject() : "";
}

export default function work(shared) {
  if (!token) {
    logIn();
    project = shared || makeProject();
  }
  const list = request("GET", "/tasks?limit=20", null, "list");
  check(list, { listed: (r) => r.status === 200 });
  sleep(0.2);

  const made = request("POST", `/projects/${project}/tasks`, { title: "Order brass" }, "create");
  check(made, { made: (r) => r.status === 201 });
  const task = `/tasks/${made.json("id")}`;
  sleep(0.2);

  const changed = request("PATCH", task, { status: "in_progress" }, "change");
  check(changed, { changed: (r) => r.status === 200 });
  const moved = request("POST", `${task}/move`, { after: null }, "move");
  check(moved, { moved: (r) => r.status === 200 });
  const said = request("POST", `${task}/comments`, { text: "Half of it is here." }, "comment");
  check(said, { commented: (r) => r.status === 201 });
  sleep(0.2);

  const board = request("GET", `/projects/${project}/tasks?limit=50`, null, "board");
  check(board, { "saw the board": (r) => r.status === 200 });
  const found = request("GET", "/tasks?q=brass&overdue=false&sort=dueDate", null, "search");
  check(found, { found: (r) => r.status === 200 });
  sleep(0.2);
}
