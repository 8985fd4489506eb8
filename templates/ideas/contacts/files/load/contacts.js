// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/contacts.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/contacts.js
//   k6 run -e PREFILL=5000 load/contacts.js      first imports 5,000 contacts into each account
//
// Registers one account for each user; they stay. Each user lists, searches, adds a contact, changes
// it, reads it and deletes it again. k6 ends with exit code 99 when a threshold is missed. Measure
// the application itself: the proxy of compose.yaml allows each address 100 requests a second.

import { check, fail, sleep } from "k6";
import encoding from "k6/encoding";
import http from "k6/http";

const API = `${__ENV.BASE_URL || "http://127.0.0.1:8000"}/api/v1`;
const CONTACTS = `${API}/contacts`;
const USERS = Number(__ENV.USERS || 5);
const PREFILL = Number(__ENV.PREFILL || 0);
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
    // The first request of each account verifies its password.
    "http_req_duration{name:first}": ["p(95)<2000"],
    "http_req_duration{name:list}": ["p(95)<200"],
    "http_req_duration{name:search}": ["p(95)<300"],
    "http_req_duration{name:create}": ["p(95)<200"],
    "http_req_duration{name:change}": ["p(95)<200"],
    "http_req_duration{name:read}": ["p(95)<100"],
    "http_req_duration{name:delete}": ["p(95)<200"],
  },
  setupTimeout: "10m",
};

// The tag keeps all contacts in one line of the report, whatever their URL.
function named(name, authorization, headers = {}) {
  const sent = { "Content-Type": "application/json", ...headers };
  if (authorization) sent.Authorization = authorization;
  return { headers: sent, tags: { name } };
}

function fillers() {
  const rows = ["firstName,lastName,emails"];
  for (let number = 0; number < PREFILL; number += 1) {
    rows.push(`Filler,Number ${number},work: filler${number}@example.com`);
  }
  return rows.join("\n");
}

export function setup() {
  const run = Date.now();
  const accounts = [];
  for (let number = 0; number < USERS; number += 1) {
    const email = `load-${run}-${number}@example.com`;
    const body = JSON.stringify({ email, password: PASSWORD });
    const made = http.post(`${API}/users`, body, named("register"));
    if (made.status !== 201) fail(`an account was refused: ${made.status}`);
    const authorization = `Basic ${encoding.b64encode(`${email}:${PASSWORD}`)}`;
    accounts.push(authorization);
    if (PREFILL > 0) {
      const file = named("import", authorization, { "Content-Type": "text/csv" });
      const filled = http.post(`${CONTACTS}/import`, fillers(), file);
      if (filled.status !== 200) fail(`the import was refused: ${filled.status}`);
    }
  }
  return accounts;
}

export default function (accounts) {
  const authorization = accounts[(__VU - 1) % accounts.length];
  if (__ITER === 0) {
    const first = http.get(`${API}/users/me`, named("first", authorization));
    check(first, { "first is 200": (response) => response.status === 200 });
  }

  const list = http.get(CONTACTS, named("list", authorization));
  check(list, { "list is 200": (response) => response.status === 200 });

  const search = http.get(`${CONTACTS}?q=munoz&favorite=false`, named("search", authorization));
  check(search, { "search is 200": (response) => response.status === 200 });

  const contact = JSON.stringify({
    firstName: "Inés",
    lastName: "Muñoz",
    emails: [{ label: "work", value: `load-${__VU}-${__ITER}@example.com` }],
    phones: [{ label: "mobile", value: "+34 612 34 56 78" }],
  });
  const created = http.post(CONTACTS, contact, named("create", authorization));
  if (!check(created, { "create is 201": (response) => response.status === 201 })) return;

  const url = created.headers.Location;
  const seen = { "If-Match": created.headers.Etag };
  const favorite = JSON.stringify({ favorite: true });
  const changed = http.patch(url, favorite, named("change", authorization, seen));
  check(changed, { "change is 200": (response) => response.status === 200 });

  const read = http.get(url, named("read", authorization));
  check(read, { "read sees the change": (response) => response.json("favorite") === true });

  const deleted = http.del(url, null, named("delete", authorization));
  check(deleted, { "delete is 204": (response) => response.status === 204 });

  sleep(1);
}
