/** Registering, and changing oneself. */

import { eq } from "drizzle-orm";
import { describe, expect } from "vitest";

import { verifyPassword } from "../../src/passwords.ts";
import { users } from "../../src/users/table.ts";
import { test } from "../support/application.ts";
import { PASSWORD, register } from "../support/blog.ts";
import { expectError, invalidNames } from "../support/errors.ts";

describe("registering", () => {
  test("a new user is answered with a token", async ({ client }) => {
    const user = { username: " Ada ", email: "Ada@Example.com", password: PASSWORD };
    const response = await client.post("/api/users").send({ user });
    expect(response.status).toBe(201);
    expect(response.get("location")).toMatch(/\/api\/profiles\/Ada$/);
    const { token, ...rest } = response.body.user;
    expect(rest).toEqual({ username: "Ada", email: "ada@example.com", bio: null, image: null });
    const read = await client.get("/api/user").set("Authorization", `Token ${token}`);
    expect(read.body).toEqual(response.body);
  });

  test("a password is stored as an Argon2id hash", async ({ client, context }) => {
    const { email } = await register(client);
    const [stored] = await context.db.select().from(users).where(eq(users.email, email));
    expect(stored?.passwordHash).toMatch(/^\$argon2id\$/);
    expect(await verifyPassword(PASSWORD, stored?.passwordHash)).toBe(true);
  });

  test.for(["12345678", "x".repeat(64), "🥛".repeat(128)])(
    "a password may be %s",
    async (password, { client }) => {
      await register(client, { password });
    },
  );

  test.for([
    [{ username: "ADA" }, ["username"]],
    [{ username: "\uff21da" }, ["username"]],
    [{ email: "ADA@example.com" }, ["email"]],
    [{ username: "ada", email: "ada@example.com" }, ["username", "email"]],
  ] as const)("what is taken is named: %j", async ([fields, names], { client }) => {
    await register(client, { username: "Ada", email: "ada@example.com" });
    const user = { username: "other", email: "other@example.com", password: PASSWORD, ...fields };
    const response = await client.post("/api/users").send({ user });
    expectError(response, 409, "has already been taken");
    expect(Object.keys(response.body.errors)).toEqual(names);
  });

  test("nothing at all names the wrapper", async ({ client }) => {
    const response = await client.post("/api/users").send({});
    expect(response.body).toEqual({ errors: { user: ["can't be blank"] } });
  });
});

test.for([
  ["username", ""],
  ["username", null],
  ["username", " \u3000"],
  ["username", "x".repeat(51)],
  ["username", "a/b"],
  ["username", ".a"],
  ["username", "a\u2028b"],
  ["username", 1],
  ["email", ""],
  ["email", null],
  ["email", "nobody"],
  ["email", "a b@example.com"],
  ["email", `${"x".repeat(65)}@example.com`],
  ["password", ""],
  ["password", null],
  ["password", "1234567"],
  ["password", "x".repeat(129)],
  ["password", "long enough\0"],
  ["admin", true],
] as const)("an invalid field of a user is named: %s=%j", async ([field, value], { client }) => {
  const ada = await register(client);
  const user = { username: "new", email: "new@example.com", password: PASSWORD, [field]: value };
  expect(invalidNames(await client.post("/api/users").send({ user }))).toEqual([field]);
  const changed = await client
    .put("/api/user")
    .set(ada.headers)
    .send({ user: { [field]: value } });
  expect(invalidNames(changed)).toEqual([field]);
});

describe("changing oneself", () => {
  test("only the given fields change", async ({ client }) => {
    const ada = await register(client);
    const change = (user: object) => client.put("/api/user").set(ada.headers).send({ user });
    const image = "https://example.com/ada.jpg";
    expect((await change({ bio: "I count.", image })).body.user).toMatchObject({
      username: ada.username,
      bio: "I count.",
      image,
      token: ada.token,
    });
    expect((await change({ bio: "", image: null })).body.user).toMatchObject({
      bio: null,
      image: null,
    });
    expect((await change({ username: "Countess" })).body.user).toMatchObject({
      username: "Countess",
      email: ada.email,
    });
    expect((await client.get("/api/profiles/countess")).status).toBe(200);
  });

  test("a user as it was answered may be sent back", async ({ client }) => {
    const { headers } = await register(client);
    const { body } = await client.get("/api/user").set(headers);
    const response = await client.put("/api/user").set(headers).send(body);
    expect(response.body).toEqual(body);
  });

  test("an empty object changes nothing", async ({ client }) => {
    const { headers } = await register(client);
    const { body } = await client.get("/api/user").set(headers);
    expect((await client.put("/api/user").set(headers).send({ user: {} })).body).toEqual(body);
  });

  test.for(["javascript:alert(1)", "/ada.jpg", `https://example.com/${"x".repeat(2000)}`])(
    "a picture must be an address: %s",
    async (image, { client }) => {
      const { headers } = await register(client);
      const response = await client.put("/api/user").set(headers).send({ user: { image } });
      expect(invalidNames(response)).toEqual(["image"]);
    },
  );

  test("what somebody else has is taken, and one's own is not", async ({ client }) => {
    const ada = await register(client);
    const grace = await register(client);
    const change = (user: object) => client.put("/api/user").set(ada.headers).send({ user });
    const taken = await change({ username: grace.username.toUpperCase() });
    expect(taken.body).toEqual({ errors: { username: ["has already been taken"] } });
    expect((await change({ username: ada.username.toUpperCase() })).status).toBe(200);
    expectError(await change({ email: grace.email }), 409);
  });

  test("a new password ends every earlier token", async ({ client }) => {
    const { headers, email } = await register(client);
    const user = { password: "another long sentence" };
    const changed = await client.put("/api/user").set(headers).send({ user });
    expectError(await client.get("/api/user").set(headers), 401, "is invalid");
    const token = `Token ${changed.body.user.token}`;
    expect((await client.get("/api/user").set("Authorization", token)).status).toBe(200);
    const login = await client.post("/api/users/login").send({ user: { email, ...user } });
    expect(login.status).toBe(200);
  });
});
