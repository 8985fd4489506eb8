/** What happens when the application itself is at fault. */

import { expect } from "vitest";

import { test } from "../support/application.ts";
import { expectError } from "../support/errors.ts";

test("an unhandled error tells the client nothing", async ({ client }) => {
  const response = await client.get("/probe/broken");
  expectError(response, 500, "Something went wrong on our side.");
  expect(response.text).not.toContain("hunter2");
});

test("an unhandled error is logged with its cause", async ({ client, log }) => {
  const response = await client.get("/probe/broken");
  const errors = log.entries().filter(({ level }) => level === "error");
  expect(errors).toMatchObject([
    {
      event: "unhandled error",
      request_id: response.get("x-request-id"),
      err: { message: "the password is hunter2" },
    },
  ]);
  expect(JSON.stringify(errors)).toContain("probe.ts");
});

test("a query that fails is logged without its values", async ({ client, log }) => {
  expectError(await client.get("/probe/broken-query"), 500);
  const [error] = log.entries().filter(({ level }) => level === "error");
  expect(error).toMatchObject({
    err: { message: 'relation "nowhere" does not exist', query: "SELECT $1 FROM nowhere" },
  });
  expect(log.text).toContain("probe.ts");
  expect(log.text).not.toContain("hunter2");
});

test("an error in the middle of an answer ends the connection", async ({ client, log }) => {
  await expect(client.get("/probe/broken-in-the-middle")).rejects.toThrow();
  expect(log.text).toContain("too late");
});

test.for(["/probe/broken", "/nowhere"])(
  "a script of another origin can read an error: %s",
  async (path, { client }) => {
    const response = await client.get(path).set("Origin", "https://app.example");
    expect(response.get("access-control-allow-origin")).toBe("*");
  },
);
