/** What the application logs, and under which id. */

import { describe, expect } from "vitest";

import { test } from "../support/application.ts";

test("each request is one structured line", async ({ client, log }) => {
  await client.get("/probe?q=private");
  const entries = log.entries();
  expect(entries).toMatchObject([
    {
      event: "request",
      level: "info",
      method: "GET",
      path: "/probe",
      status: 200,
      client: "127.0.0.1",
      duration_ms: expect.any(Number) as number,
      timestamp: expect.stringMatching(/Z$/) as string,
    },
  ]);
  expect(log.text).not.toContain("private");
});

test.for(["a", "order-66_v1.0", "x".repeat(64)])(
  "a request id is taken over, answered and logged",
  async (given, { client, log }) => {
    const response = await client.get("/probe").set("X-Request-Id", given);
    expect(response.get("x-request-id")).toBe(given);
    expect(log.entries().map((entry) => entry["request_id"])).toEqual([given]);
  },
);

test.for(["", "x".repeat(65), "a b", "a\tb", '"}', "\xfc"])(
  "a malformed request id is replaced: %j",
  async (given, { client }) => {
    const response = await client.get("/probe").set("X-Request-Id", given);
    expect(response.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
  },
);

test("each request without an id gets its own", async ({ client }) => {
  const first = await client.get("/probe");
  const second = await client.get("/probe");
  expect(first.get("x-request-id")).not.toBe(second.get("x-request-id"));
});

describe.for(["json", "console"])("in %s", (format) => {
  test.override({ environment: { LOG_FORMAT: format } });

  test("a request cannot forge a log line", async ({ client, log }) => {
    await client.get("/%0Aforged%1B[31m");
    expect(log.lines()).toHaveLength(1);
    expect(log.text).toContain("forged");
    expect(log.text).not.toContain("\x1b");
  });
});
