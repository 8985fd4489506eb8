// Load test, run by k6 (https://grafana.com/docs/k6/latest/set-up/install-k6/):
//
//   k6 run load/chat.js
//   k6 run -e USERS=100 -e ROOMS=5 -e BASE_URL=http://127.0.0.1:8000 load/chat.js
//
// Users register, join one of a few rooms, and stay connected for the whole test. Each says
// something every few seconds and hears everybody in the room. Two times are measured: until a
// message is acknowledged, which means stored, and until another user has it. k6 ends with exit code
// 99 when a threshold is missed. Start the application with a large REGISTRATION_LIMIT, and measure it
// itself: the proxy of compose.yaml allows each address 100 requests a second.

import { check, fail } from "k6";
import exec from "k6/execution";
import http from "k6/http";
import { Counter, Trend } from "k6/metrics";
import { clearInterval, setInterval, setTimeout } from "k6/timers";
import { WebSocket } from "k6/websockets";

const BASE_URL = __ENV.BASE_URL || "http://127.0.0.1:8000";
const API = `${BASE_URL}/api/v1`;
const USERS = Number(__ENV.USERS || 10);
const ROOMS = Number(__ENV.ROOMS || 2);
const PAUSE = Number(__ENV.PAUSE || 3);
const SECONDS = Number(__ENV.SECONDS || 40);

const ack = new Trend("chat_ack", true);
const delivery = new Trend("chat_delivery", true);
const outOfOrder = new Counter("chat_out_of_order");
const refused = new Counter("chat_refused");

export const options = {
  scenarios: {
    people: { executor: "per-vu-iterations", vus: USERS, iterations: 1, maxDuration: "10m" },
  },
  thresholds: {
    checks: ["rate==1"],
    chat_ack: ["p(95)<200"],
    chat_delivery: ["p(95)<300"],
    chat_out_of_order: ["count==0"],
    chat_refused: ["count==0"],
  },
};

function ask(method, path, body, token) {
  const headers = { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  return http.request(method, API + path, body && JSON.stringify(body), {
    headers,
    tags: { name: `${method} ${path.replace(/[0-9a-f-]{36}/, "{roomId}")}` },
  });
}

// Makes an account and returns its token.
function register() {
  const username = `load_${Math.random().toString(36).slice(2, 14)}`;
  const account = { username, password: "correct horse battery" };
  const made = ask("POST", "/users", account);
  if (made.status !== 201) fail(`No account: ${made.status} ${made.body}`);
  return ask("POST", "/tokens", account).json("accessToken");
}

export function setup() {
  const token = register();
  return Array.from({ length: ROOMS }, (_, number) =>
    ask("POST", "/rooms", { name: `Load ${number}` }, token).json("id"),
  );
}

export default function (rooms) {
  const roomId = rooms[exec.vu.idInTest % rooms.length];
  const token = register();
  const joined = ask("POST", `/rooms/${roomId}/join`, null, token);
  check(joined, { "join is 200": (response) => response.status === 200 });

  const ticket = ask("POST", "/ws-tickets", null, token).json("ticket");
  const socket = new WebSocket(`${BASE_URL.replace(/^http/, "ws")}/ws?ticket=${ticket}`);
  const started = Date.now();
  let frames = 0;
  let last = null;
  let talking;

  function send(frame) {
    frames += 1;
    socket.send(JSON.stringify({ ...frame, id: String(frames) }));
  }

  function say() {
    const clientId = `${exec.vu.idInTest}-${frames}-${Date.now()}`;
    // The text carries the time, so that whoever hears it knows how long it took.
    send({ type: "message.send", roomId, clientId, text: `said at ${Date.now()}` });
  }

  socket.addEventListener("open", () => {
    send({ type: "subscribe", roomId });
    talking = setInterval(say, 1000 * PAUSE * (0.5 + Math.random()));
    setTimeout(() => {
      clearInterval(talking);
      socket.close();
    }, 1000 * SECONDS);
  });

  socket.addEventListener("message", (event) => {
    const frame = JSON.parse(event.data);
    const saidAt = frame.message && Number(frame.message.text.split(" ").pop());
    if (frame.type === "ack" && frame.message) ack.add(Date.now() - saidAt);
    if (frame.type === "error") refused.add(1);
    if (frame.type === "message.created") {
      if (last !== null && frame.message.seq !== last + 1) outOfOrder.add(1);
      last = frame.message.seq;
      delivery.add(Date.now() - saidAt);
    }
  });

  socket.addEventListener("close", () => {
    check(null, { "the connection lasted": () => Date.now() - started >= 1000 * SECONDS });
  });
}
