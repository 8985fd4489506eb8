// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/movies.js
//   k6 run -e USERS=50 -e BASE_URL=http://127.0.0.1:8000 load/movies.js
//
// It needs the seeded films. Each user lists, searches, reads a movie, asks whether it has
// changed, asks GraphQL for movies with cast and reviews, and writes and deletes a review. k6 ends
// with exit code 99 when a threshold is missed. Measure the application itself: the proxy of
// compose.yaml allows each address 100 requests a second, and REGISTRATION_LIMIT has to allow as
// many accounts as there are users.

import { check, fail, sleep } from "k6";
import http from "k6/http";

const BASE = __ENV.BASE_URL || "http://127.0.0.1:8000";
const API = `${BASE}/api/v1`;
const USERS = Number(__ENV.USERS || 5);
const PASSWORD = "the analytical engine";
const QUERY = `{
  movies(first: 10, sort: RATING_DESC) {
    edges { node {
      title
      cast(first: 3) { edges { node { character person { name } } } }
      reviews(first: 3) { edges { node { rating author } } }
    } }
  }
}`;

export const options = {
  stages: [
    { duration: "10s", target: USERS },
    { duration: "30s", target: USERS },
    { duration: "5s", target: 0 },
  ],
  thresholds: {
    checks: ["rate>0.99"],
    "http_req_duration{name:list}": ["p(95)<200"],
    "http_req_duration{name:search}": ["p(95)<300"],
    "http_req_duration{name:read}": ["p(95)<100"],
    "http_req_duration{name:unchanged}": ["p(95)<100"],
    "http_req_duration{name:graphql}": ["p(95)<400"],
    "http_req_duration{name:review}": ["p(95)<300"],
    "http_req_duration{name:delete}": ["p(95)<300"],
  },
};

// The tag keeps all movies in one line of the report, whatever their URL.
function named(name, headers = {}) {
  return { headers: { "Content-Type": "application/json", ...headers }, tags: { name } };
}

/** Makes an account for each user, and answers their tokens and the films. */
export function setup() {
  const run = Date.now().toString(36);
  const tokens = [];
  for (let user = 0; user < USERS; user += 1) {
    const account = JSON.stringify({ username: `load-${run}-${user}`, password: PASSWORD });
    http.post(`${API}/users`, account, named("register"));
    tokens.push(http.post(`${API}/tokens`, account, named("token")).json("accessToken"));
  }
  const movies = http.get(`${API}/movies?pageSize=100&fields=id`, named("setup")).json("items");
  if (movies.length === 0) fail("There are no movies: fill the database with the seed first.");
  return { tokens, movies };
}

export default function ({ tokens, movies }) {
  const token = tokens[(__VU - 1) % tokens.length];
  const movie = `${API}/movies/${movies[Math.floor(Math.random() * movies.length)].id}`;

  const list = http.get(`${API}/movies?genre=drama&sort=-rating&pageSize=20`, named("list"));
  check(list, { "list is 200": (response) => response.status === 200 });

  const search = http.get(`${API}/movies?q=the+city`, named("search"));
  check(search, { "search is 200": (response) => response.status === 200 });

  const read = http.get(movie, named("read"));
  check(read, { "read is 200": (response) => response.status === 200 });

  const etag = { "If-None-Match": read.headers.Etag || read.headers.ETag };
  const unchanged = http.get(movie, named("unchanged", etag));
  // Another user may have reviewed it in between.
  check(unchanged, { "304, or changed": (response) => [200, 304].includes(response.status) });

  const graphql = http.post(`${BASE}/graphql`, JSON.stringify({ query: QUERY }), named("graphql"));
  check(graphql, { "graphql has no errors": (response) => !response.json("errors") });

  const signedIn = { Authorization: `Bearer ${token}` };
  const rating = JSON.stringify({ rating: 1 + Math.floor(Math.random() * 10) });
  const review = http.post(`${movie}/reviews`, rating, named("review", signedIn));
  if (check(review, { "review is 201": (response) => response.status === 201 })) {
    const deleted = http.del(review.headers.Location, null, named("delete", signedIn));
    check(deleted, { "delete is 204": (response) => response.status === 204 });
  }

  sleep(1);
}
