/** Logging in, and what a token opens. */

import { afterEach, describe, expect, vi } from "vitest";

import { test } from "../support/application.ts";
import { type Client, PASSWORD, register } from "../support/blog.ts";
import { expectError, invalidNames } from "../support/errors.ts";

async function logIn(client: Client, email: string, password = PASSWORD) {
  return await client.post("/api/users/login").send({ user: { email, password } });
}

afterEach(() => {
  vi.useRealTimers();
});

test("a user logs in, whatever the case of the address", async ({ client }) => {
  const { email, username } = await register(client);
  const response = await logIn(client, email.toUpperCase());
  expect(response.status).toBe(200);
  expect(response.body.user).toMatchObject({ username, email });
});

test("an unknown user looks like a wrong password", async ({ client }) => {
  const { email } = await register(client);
  const wrong = await logIn(client, email, "something else");
  const unknown = await logIn(client, "nobody@example.com");
  expectError(wrong, 401);
  expect(unknown.body).toEqual(wrong.body);
  expect(unknown.body).toEqual({ errors: { credentials: ["invalid"] } });
  expect(unknown.get("www-authenticate")).toBe(wrong.get("www-authenticate"));
});

test.for([
  ["email", ""],
  ["email", null],
  ["password", ""],
  ["password", 1],
] as const)("%s=%j is named", async ([field, value], { client }) => {
  const user = { email: "a@b.c", password: "x", [field]: value };
  expect(invalidNames(await client.post("/api/users/login").send({ user }))).toEqual([field]);
});

describe("the limit of attempts", () => {
  test("after ten failed attempts even the right password waits", async ({ client }) => {
    const { email } = await register(client);
    for (let attempt = 0; attempt < 10; attempt += 1) {
      expectError(await logIn(client, email, "wrong"), 401);
    }
    const refused = await logIn(client, email);
    expectError(refused, 429);
    expect(Object.keys(refused.body.errors)).toEqual(["credentials"]);
    expect(Number(refused.get("retry-after"))).toBeGreaterThan(800);
    const other = await register(client);
    expect((await logIn(client, other.email)).status).toBe(200);
  });

  test("a login that succeeds starts anew", async ({ client }) => {
    const { email } = await register(client);
    for (const password of [...Array<string>(9).fill("wrong"), PASSWORD, "wrong", PASSWORD]) {
      expect((await logIn(client, email, password)).status).toBe(password === PASSWORD ? 200 : 401);
    }
  });

  test("guesses at the same time all count", async ({ client }) => {
    const { email } = await register(client);
    const guesses = Array.from({ length: 20 }, () => logIn(client, email, "wrong"));
    const statuses = (await Promise.all(guesses)).map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array<number>(10).fill(401), ...Array<number>(10).fill(429)]);
  });
});

test("a token expires", async ({ client }) => {
  const { headers } = await register(client);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3599_000 - 10_000 });
  expect((await client.get("/api/user").set(headers)).status).toBe(200);
  vi.setSystemTime(Date.now() + 12_000);
  expectError(await client.get("/api/user").set(headers), 401, "is invalid");
});

test.for(["Token", "Bearer", "token"])("the scheme may be %s", async (scheme, { client }) => {
  const { token } = await register(client);
  const response = await client.get("/api/user").set("Authorization", `${scheme} ${token}`);
  expect(response.status).toBe(200);
});

test.for(["Basic YTpi", "Token", "Token a b", "Token x.y.z", "nonsense"])(
  "another header is not valid, where a token is optional too: %s",
  async (header, { client }) => {
    for (const path of ["/api/user", "/api/articles", "/api/profiles/nobody"]) {
      const response = await client.get(path).set("Authorization", header);
      expectError(response, 401, "is invalid");
      expect(response.get("www-authenticate")).toBe("Token");
    }
  },
);

test.for([
  ["get", "/api/user"],
  ["put", "/api/user"],
  ["post", "/api/profiles/nobody/follow"],
  ["delete", "/api/profiles/nobody/follow"],
  ["get", "/api/articles/feed"],
  ["post", "/api/articles"],
  ["put", "/api/articles/nothing"],
  ["delete", "/api/articles/nothing"],
  ["post", "/api/articles/nothing/favorite"],
  ["delete", "/api/articles/nothing/favorite"],
  ["post", "/api/articles/nothing/comments"],
  ["delete", "/api/articles/nothing/comments/1"],
] as const)(
  "without a token it is 401, before anything else: %s %s",
  async ([method, path], { client }) => {
    const response = await client[method](path);
    expectError(response, 401);
    expect(response.body).toEqual({ errors: { token: ["is missing"] } });
  },
);
