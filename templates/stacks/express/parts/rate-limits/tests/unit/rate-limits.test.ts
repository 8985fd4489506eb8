import { randomUUID } from "node:crypto";
import { once } from "node:events";

import { afterAll, afterEach, expect, test, vi } from "vitest";

import { RateLimit, TooManyRequestsError } from "../../src/rate-limits.ts";
import { connectRedis } from "../../src/redis.ts";
import { silent } from "../support/databases.ts";

const stopped = new AbortController();
const twice = { name: "test", points: 2, seconds: 60 };

afterEach(() => {
  vi.useRealTimers();
});

afterAll(() => {
  stopped.abort();
});

test("one more than the limit is refused, and told when to come back", async () => {
  const limit = new RateLimit(twice, undefined);
  await limit.hit("ada");
  await limit.hit("ada");
  const refused = limit.hit("ada");
  await expect(refused).rejects.toThrow(TooManyRequestsError);
  await expect(refused).rejects.toMatchObject({ status: 429, headers: { "Retry-After": "60" } });
});

test("somebody else has a count of their own", async () => {
  const limit = new RateLimit({ ...twice, points: 1 }, undefined);
  await limit.hit("ada");
  await limit.hit("grace");
});

test("what is forgotten does not count", async () => {
  const limit = new RateLimit({ ...twice, points: 1 }, undefined);
  await limit.hit("ada");
  await limit.clear("ada");
  await limit.hit("ada");
});

test("after the time the count begins anew", async () => {
  vi.useFakeTimers();
  const limit = new RateLimit({ ...twice, points: 1 }, undefined);
  await limit.hit("ada");
  vi.advanceTimersByTime(61_000);
  await limit.hit("ada");
});

test("while Redis is down the process counts for itself", async () => {
  const redis = connectRedis("redis://127.0.0.1:1", silent, stopped.signal);
  const limit = new RateLimit({ ...twice, points: 1 }, redis);
  await limit.hit("ada");
  await expect(limit.hit("ada")).rejects.toThrow(TooManyRequestsError);
  await limit.clear("ada");
});

const server = process.env["TEST_REDIS_URL"];
if (server) {
  test("with Redis two processes count together", async () => {
    const redis = connectRedis(server, silent, stopped.signal);
    await once(redis, "ready");
    const key = randomUUID();
    const one = new RateLimit(twice, redis);
    const other = new RateLimit(twice, redis);
    await one.hit(key);
    await other.hit(key);
    await expect(one.hit(key)).rejects.toThrow(TooManyRequestsError);
    await other.clear(key);
    await one.hit(key);
  });
}
