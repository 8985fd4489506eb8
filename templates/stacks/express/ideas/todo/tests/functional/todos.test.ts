/** The to-do list over HTTP. */

import { randomUUID } from "node:crypto";

import { sql } from "drizzle-orm";
import type TestAgent from "supertest/lib/agent.js";
import { describe, expect } from "vitest";

import type { todoBody } from "../../src/todos/schemas.ts";
import { todos } from "../../src/todos/table.ts";
import { pathOf, test } from "../support/application.ts";
import { expectError, invalidNames } from "../support/errors.ts";

const TODOS = "/api/v1/todos";
type Todo = ReturnType<typeof todoBody>;
type Client = Pick<TestAgent, "get" | "post">;

/** Creates a todo and returns it. */
async function create(client: Client, fields: object = {}): Promise<Todo> {
  const response = await client.post(TODOS).send({ title: "Buy milk", ...fields });
  expect(response.status, response.text).toBe(201);
  return response.body as Todo;
}

/** Returns the titles of a list. */
async function titles(client: Client, query: object = {}): Promise<string[]> {
  const response = await client.get(TODOS).query(query);
  expect(response.status, response.text).toBe(200);
  return (response.body as Todo[]).map(({ title }) => title);
}

describe("creating", () => {
  test("a new todo is answered and kept", async ({ client }) => {
    const response = await client.post(TODOS).send({ title: "Buy milk" });
    const todo = response.body as Todo;
    expect(response.status).toBe(201);
    expect(todo).toMatchObject({ title: "Buy milk", completed: false, order: null });
    expect(response.get("location")).toBe(todo.url);
    expect(pathOf(todo.url)).toBe(`${TODOS}/${todo.id}`);
    expect(todo.createdAt).toBe(todo.updatedAt);
    expect(Math.abs(Date.parse(todo.createdAt) - Date.now())).toBeLessThan(60_000);
    expect((await client.get(pathOf(todo.url))).body).toEqual(todo);
  });

  test("every field can be given", async ({ client }) => {
    const fields = { title: "Done", completed: true, order: -3 };
    expect(await create(client, fields)).toMatchObject(fields);
  });

  test.for([
    ["  Buy milk\n", "Buy milk"],
    ["\xa0牛乳 🥛\u3000", "牛乳 🥛"],
    ["x".repeat(200), "x".repeat(200)],
    [` ${"🥛".repeat(200)} `, "🥛".repeat(200)],
  ] as const)("a title is trimmed: %j", async ([given, stored], { client }) => {
    expect((await create(client, { title: given })).title).toBe(stored);
  });

  test.for(["<script>alert(1)</script>", "'; DROP TABLE todos; --", "{{ 7*7 }}", 'a\\b"c%d_e'])(
    "markup and SQL in a title are only text",
    async (title, { client }) => {
      const todo = await create(client, { title });
      expect((await client.get(pathOf(todo.url))).body).toMatchObject({ title });
      expect(await titles(client, { q: title })).toEqual([title]);
    },
  );
});

test.for([
  ["title", null],
  ["title", ""],
  ["title", " \t\u3000"],
  ["title", "x".repeat(201)],
  ["title", 1],
  ["title", ["Buy milk"]],
  ["title", "a\0b"],
  ["completed", null],
  ["completed", "true"],
  ["completed", 1],
  ["order", "1"],
  ["order", 1.5],
  ["order", true],
  ["order", 2 ** 31],
  ["order", -(2 ** 31) - 1],
  ["order", 1e300],
  ["colour", "red"],
  ["id", randomUUID()],
] as const)("an invalid field is named", async ([field, value], { client }) => {
  const todo = await create(client);
  const created = await client.post(TODOS).send({ title: "Buy milk", [field]: value });
  const changed = await client.patch(pathOf(todo.url)).send({ [field]: value });
  expect(invalidNames(created)).toEqual([field]);
  expect(invalidNames(changed)).toEqual([field]);
  expect((await client.get(TODOS)).body).toEqual([todo]);
});

describe("changing", () => {
  test.for([["title", "Buy bread"] as const, ["completed", true] as const, ["order", 7] as const])(
    "only the given field changes: %j",
    async ([field, value], { client, context }) => {
      const todo = await create(client, { order: 1 });
      // The embedded database's clock has milliseconds only: both could be in one.
      await context.db.update(todos).set({ updatedAt: sql`updated_at - interval '1 second'` });
      const changed = (await client.patch(pathOf(todo.url)).send({ [field]: value })).body as Todo;
      expect(changed).toEqual({ ...todo, [field]: value, updatedAt: changed.updatedAt });
      expect(changed.updatedAt >= todo.updatedAt).toBe(true);
      expect((await client.get(pathOf(todo.url))).body).toEqual(changed);
    },
  );

  test("null takes the order away", async ({ client }) => {
    const todo = await create(client, { order: 1 });
    const response = await client.patch(pathOf(todo.url)).send({ order: null });
    expect(response.body).toMatchObject({ order: null });
  });

  test("an empty object changes nothing", async ({ client }) => {
    const todo = await create(client);
    const response = await client.patch(pathOf(todo.url)).send({});
    expect(response.status).toBe(200);
    expect(response.body).toEqual(todo);
  });

  test("a new title is found and the old one is not", async ({ client }) => {
    const todo = await create(client, { title: "Buy milk" });
    await client.patch(pathOf(todo.url)).send({ title: "Buy bread" });
    expect(await titles(client, { q: "BREAD" })).toEqual(["Buy bread"]);
    expect(await titles(client, { q: "milk" })).toEqual([]);
  });
});

describe("deleting", () => {
  test("a deleted todo is gone", async ({ client }) => {
    const todo = await create(client);
    const other = await create(client);
    expect((await client.delete(pathOf(todo.url))).status).toBe(204);
    expect((await client.get(pathOf(todo.url))).status).toBe(404);
    expect((await client.get(TODOS)).body).toEqual([other]);
  });

  test("the whole list can be deleted", async ({ client }) => {
    await create(client);
    expect((await client.delete(TODOS)).status).toBe(204);
    expect((await client.get(TODOS)).body).toEqual([]);
  });
});

test.for([randomUUID(), "1", "not-a-uuid", "%00"])(
  "an unknown id is 404: %s",
  async (id, { client }) => {
    const path = `${TODOS}/${id}`;
    expectError(await client.get(path), 404);
    expectError(await client.patch(path).send({ title: "x" }), 404);
    expectError(await client.patch(path).send({}), 404);
    expectError(await client.delete(path), 404);
  },
);

describe("listing", () => {
  test("todos come by order, then as they were created", async ({ client }) => {
    for (const [title, order] of [
      ["c", null],
      ["b", 2],
      ["d", null],
      ["a", -1],
      ["b2", 2],
    ]) {
      await create(client, { title, order });
    }
    expect(await titles(client)).toEqual(["a", "b", "b2", "c", "d"]);
  });

  test("completed filters", async ({ client }) => {
    await create(client, { title: "open" });
    await create(client, { title: "done", completed: true });
    expect(await titles(client, { completed: "true" })).toEqual(["done"]);
    expect(await titles(client, { completed: "false" })).toEqual(["open"]);
  });

  test("filters combine", async ({ client }) => {
    for (const [title, completed] of [
      ["milk", true],
      ["milk", false],
      ["bread", true],
    ]) {
      await create(client, { title, completed });
    }
    expect(await titles(client, { q: "milk", completed: "true" })).toEqual(["milk"]);
  });

  const texts = [
    "Milch & Brot",
    "ÄPFEL pflücken",
    "Straße fegen",
    "100% sure",
    "snake_case",
    "back\\slash",
    "either/or",
    "it's",
  ];

  test.for([
    ["MILCH", ["Milch & Brot"]],
    ["äpf", ["ÄPFEL pflücken"]],
    ["strasse", ["Straße fegen"]],
    ["100%", ["100% sure"]],
    ["%", ["100% sure"]],
    ["_", ["snake_case"]],
    ["\\", ["back\\slash"]],
    ["/", ["either/or"]],
    ["'", ["it's"]],
    ["h & b", ["Milch & Brot"]],
    ["' OR '1'='1", []],
    ["zzz", []],
  ] as const)("search treats its text as text", async ([q, found], { client }) => {
    for (const title of texts) await create(client, { title });
    expect(await titles(client, { q })).toEqual(found);
  });

  test("an empty search finds everything", async ({ client }) => {
    await create(client);
    expect(await titles(client, { q: "" })).toHaveLength(1);
  });

  test("pages and the links between them", async ({ client }) => {
    for (let number = 0; number < 5; number += 1) {
      await create(client, { title: `milk ${number}` });
    }
    const { url } = await create(client, { title: "bread" });
    const response = await client.get(TODOS).query({ q: "milk", page: 2, pageSize: 2 });
    expect((response.body as Todo[]).map(({ title }) => title)).toEqual(["milk 2", "milk 3"]);
    expect(response.get("x-total-count")).toBe("5");
    const base = `${url.slice(0, url.lastIndexOf("/"))}?q=milk&page`;
    expect(response.get("link")).toBe(
      `<${base}=1&pageSize=2>; rel="first", <${base}=3&pageSize=2>; rel="last", ` +
        `<${base}=1&pageSize=2>; rel="prev", <${base}=3&pageSize=2>; rel="next"`,
    );
  });

  test("a page behind the last is empty", async ({ client }) => {
    await create(client);
    const response = await client.get(TODOS).query({ page: 2 ** 31 - 1, pageSize: 500 });
    expect(response.body).toEqual([]);
    expect(response.get("x-total-count")).toBe("1");
    expect(response.get("link")).toContain('?page=1&pageSize=500>; rel="prev"');
  });

  test("everything is listed without a page", async ({ client }) => {
    await create(client);
    const response = await client.get(TODOS);
    expect(response.get("x-total-count")).toBe("1");
    expect(response.get("link")).toContain('?page=1&pageSize=500>; rel="last"');
  });

  test.for([
    ["completed", "yes"],
    ["completed", "1"],
    ["completed", ""],
    ["q", "x".repeat(201)],
    ["q", "\0"],
    ["page", "0"],
    ["page", "1.0"],
    ["page", "١"],
    ["page", String(2 ** 31)],
    ["page", "9".repeat(5000)],
    ["pageSize", "0"],
    ["pageSize", "501"],
    ["pageSize", "ten"],
  ] as const)("invalid filters and pages are 422", async ([name, value], { client }) => {
    const response = await client.get(TODOS).query({ [name]: value });
    expect(invalidNames(response)).toEqual([name]);
  });

  test("unknown parameters are ignored", async ({ client }) => {
    expect(await titles(client, { colour: "red", page_size: 0 })).toEqual([]);
  });
});

describe("behind a proxy", () => {
  test.override({ environment: { PUBLIC_URL: "https://todo.example/base" } });

  test("the url follows the public URL", async ({ client }) => {
    const todo = await create(client);
    expect(todo.url).toBe(`https://todo.example/base${TODOS}/${todo.id}`);
    const response = await client.get(TODOS);
    expect(response.get("link")).toContain(`<https://todo.example/base${TODOS}?`);
  });
});
