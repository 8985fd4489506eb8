import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";

import { afterEach, beforeEach, expect, test } from "vitest";

import { connectRedis } from "../../src/redis.ts";
import { loadSettings } from "../../src/settings.ts";
import { silent } from "../support/databases.ts";

let stopped: AbortController;

beforeEach(() => {
  stopped = new AbortController();
});

afterEach(() => {
  stopped.abort();
});

test("while there is no server a command fails at once", async () => {
  const redis = connectRedis("redis://127.0.0.1:1", silent, stopped.signal);
  await expect(redis.get("x")).rejects.toThrow();
});

test("a server that says nothing is given up soon", async () => {
  const mute = createServer().listen(0, "127.0.0.1");
  await once(mute, "listening");
  const { port } = mute.address() as AddressInfo;
  const redis = connectRedis(`redis://127.0.0.1:${port}`, silent, stopped.signal);
  await expect(redis.get("x")).rejects.toThrow();
  mute.close();
});

test("a URL of something else is refused", () => {
  expect(() => loadSettings({ REDIS_URL: "http://localhost" })).toThrow(/REDIS_URL: must begin/);
});
