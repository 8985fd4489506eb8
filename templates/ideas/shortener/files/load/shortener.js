// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/shortener.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/shortener.js
//   k6 run -e BOOTSTRAP_SECRET=... load/shortener.js      where the secret is not the default
//
// Each user creates a link and follows links as people do: most of the time one of a few popular
// ones, sometimes a rare one, now and then one that does not exist. k6 ends with exit code 99 when
// a threshold is missed. Start the application with large limits (RATE_LIMIT_PER_ADDRESS and
// RATE_LIMIT_PER_TOKEN), and measure it itself: the proxy of compose.yaml allows each address 100
// requests a second.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const BASE_URL = __ENV.BASE_URL || "http://127.0.0.1:8000";
const LINKS = `${BASE_URL}/api/v1/links`;
const SECRET = __ENV.BOOTSTRAP_SECRET || "change-me";
const USERS = Number(__ENV.USERS || 5);
const PAUSE = Number(__ENV.PAUSE || 1);
const POPULAR = 10;
const RARE = 200;
const FOLLOWED = 20;

export const options = {
  stages: [
    { duration: "10s", target: USERS },
    { duration: "30s", target: USERS },
    { duration: "5s", target: 0 },
  ],
  thresholds: {
    checks: ["rate>0.99"],
    "http_req_duration{name:follow}": ["p(95)<50"],
    "http_req_duration{name:miss}": ["p(95)<50"],
    "http_req_duration{name:create}": ["p(95)<200"],
    "http_req_duration{name:stats}": ["p(95)<200"],
    "http_reqs{name:follow}": ["count>0"],
  },
};

// The tag keeps all links in one line of the report, whatever their URL.
function named(name, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  return { headers, tags: { name }, redirects: 0 };
}

function create(token) {
  const url = `https://example.com/${Math.random()}`;
  return http.post(LINKS, JSON.stringify({ url }), named("create", token));
}

function any(list) {
  return list[Math.floor(Math.random() * list.length)];
}

export function setup() {
  const made = http.post(
    `${BASE_URL}/api/v1/tokens`,
    JSON.stringify({ name: "Load test" }),
    named("token", SECRET),
  );
  if (made.status !== 201) fail(`No token: ${made.status}`);
  const token = made.json("token");
  const codes = Array.from({ length: POPULAR + RARE }, () => create(token).json("shortCode"));
  return { token, popular: codes.slice(0, POPULAR), rare: codes.slice(POPULAR) };
}

export default function ({ token, popular, rare }) {
  for (let number = 0; number < FOLLOWED; number += 1) {
    const code = any(Math.random() < 0.9 ? popular : rare);
    const followed = http.get(`${BASE_URL}/${code}`, named("follow"));
    check(followed, { "follow is 302": (response) => response.status === 302 });
  }

  const missed = http.get(`${BASE_URL}/no-such-code-${Math.floor(Math.random() * 100)}`, {
    ...named("miss"),
    responseCallback: http.expectedStatuses(404),
  });
  check(missed, { "miss is 404": (response) => response.status === 404 });

  const created = create(token);
  check(created, { "create is 201": (response) => response.status === 201 });

  const stats = http.get(`${LINKS}/${any(popular)}/stats`, named("stats", token));
  check(stats, { "stats is 200": (response) => response.status === 200 });

  sleep(PAUSE);
}
