/** What the application believes a proxy. */

import { describe, expect } from "vitest";

import { test } from "../support/application.ts";

describe.for([
  ["127.0.0.1", "https", "203.0.113.7"],
  ["10.0.0.0/8", "http", "127.0.0.1"],
  ["*", "https", "203.0.113.7"],
] as const)("when %s is trusted", ([trusted, protocol, address]) => {
  test.override({ environment: { FORWARDED_ALLOW_IPS: trusted } });

  test("forwarded headers count only from a trusted proxy", async ({ client, log }) => {
    const response = await client
      .get("/probe/client")
      .set({ "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.7" });
    expect(response.body).toEqual({ client: address, protocol });
    expect(log.entries()).toMatchObject([{ client: address }]);
  });
});
