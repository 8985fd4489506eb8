/** Lists of articles. */

import { describe, expect, vi } from "vitest";

import type { ArticleSummary } from "../../src/articles/service.ts";
import type { Database } from "../../src/database.ts";
import { test } from "../support/application.ts";
import { type Client, publish, register } from "../support/blog.ts";
import { invalidNames } from "../support/errors.ts";

const ARTICLES = "/api/articles";

async function titles(client: Client, query: object = {}): Promise<string[]> {
  const response = await client.get(ARTICLES).query(query);
  expect(response.status, response.text).toBe(200);
  return (response.body.articles as ArticleSummary[]).map(({ title }) => title);
}

test("the newest article comes first, without its body", async ({ client }) => {
  const ada = await register(client);
  for (const title of ["one", "two", "three"]) await publish(client, ada, { title });
  const { body } = await client.get(ARTICLES);
  expect(body.articles.map(({ title }: ArticleSummary) => title)).toEqual(["three", "two", "one"]);
  expect(body.articlesCount).toBe(3);
  expect(body.articles[0]).not.toHaveProperty("body");
});

test("limit and offset choose a part, and the count is of all", async ({ client }) => {
  const ada = await register(client);
  for (const title of ["one", "two", "three"]) await publish(client, ada, { title });
  const { body } = await client.get(ARTICLES).query({ limit: 1, offset: 1 });
  expect(body.articles.map(({ title }: ArticleSummary) => title)).toEqual(["two"]);
  expect(body.articlesCount).toBe(3);
  expect((await client.get(ARTICLES).query({ offset: 2 ** 31 - 1 })).body).toEqual({
    articles: [],
    articlesCount: 3,
  });
});

describe("filters", () => {
  test("by tag, author and favorites combine", async ({ client }) => {
    const ada = await register(client);
    const grace = await register(client);
    const { slug } = await publish(client, ada, { title: "one", tagList: ["a", "b"] });
    await publish(client, ada, { title: "two", tagList: ["b"] });
    await publish(client, grace, { title: "three", tagList: ["b"] });
    await client.post(`${ARTICLES}/${slug}/favorite`).set(grace.headers);
    const author = ada.username.toUpperCase();
    const favorited = grace.username;
    expect(await titles(client, { tag: "b" })).toEqual(["three", "two", "one"]);
    expect(await titles(client, { tag: "B" })).toEqual([]);
    expect(await titles(client, { author })).toEqual(["two", "one"]);
    expect(await titles(client, { favorited })).toEqual(["one"]);
    expect(await titles(client, { tag: "b", author, favorited })).toEqual(["one"]);
    expect(await titles(client, { tag: "b", author: grace.username, favorited })).toEqual([]);
    expect(await titles(client, { tag: "", author: "", favorited: "" })).toHaveLength(3);
    expect(await titles(client, { author: "nobody" })).toEqual([]);
  });

  test.for(["' OR '1'='1", "%", "_", "a' --"])(
    "filters treat their text as text: %s",
    async (text, { client }) => {
      await publish(client, await register(client), { tagList: ["tag"] });
      for (const name of ["tag", "author", "favorited"]) {
        expect(await titles(client, { [name]: text })).toEqual([]);
      }
    },
  );
});

test.for([
  ["limit", "0"],
  ["limit", "101"],
  ["limit", "ten"],
  ["limit", "1.0"],
  ["offset", "-1"],
  ["offset", String(2 ** 31)],
  ["tag", "x".repeat(51)],
  ["tag", "\0"],
  ["author", "x".repeat(51)],
  ["favorited", "\0"],
] as const)("an invalid parameter is named: %s=%s", async ([name, value], { client }) => {
  expect(invalidNames(await client.get(ARTICLES).query({ [name]: value }))).toEqual([name]);
});

test("the feed has the articles of those whom one follows", async ({ client }) => {
  const [ada, grace, alan] = [
    await register(client),
    await register(client),
    await register(client),
  ];
  await publish(client, grace, { title: "one" });
  await publish(client, alan, { title: "two" });
  await publish(client, grace, { title: "three" });
  const feed = () => client.get(`${ARTICLES}/feed`).set(ada.headers);
  expect((await feed()).body).toEqual({ articles: [], articlesCount: 0 });
  await client.post(`/api/profiles/${grace.username}/follow`).set(ada.headers);
  const { body } = await feed();
  expect(body.articlesCount).toBe(2);
  expect(body.articles).toMatchObject([
    { title: "three", author: { username: grace.username, following: true } },
    { title: "one", author: { username: grace.username, following: true } },
  ]);
  expect(invalidNames(await feed().query({ limit: 0 }))).toEqual(["limit"]);
});

/** Counts the queries that a request needs. */
async function queries(db: Database, request: () => PromiseLike<unknown>): Promise<number> {
  const client = (db as unknown as { $client: { query: () => unknown } }).$client;
  const query = vi.spyOn(client, "query");
  await request();
  const count = query.mock.calls.length;
  query.mockRestore();
  return count;
}

test("a list takes the same queries whatever its length", async ({ client, context }) => {
  const ada = await register(client);
  const list = () => client.get(ARTICLES).set(ada.headers);
  await publish(client, ada, { tagList: ["a"] });
  const ofOne = await queries(context.db, list);
  for (let made = 0; made < 9; made += 1) {
    await publish(client, await register(client), { tagList: ["a", "b", "c"] });
  }
  expect(await queries(context.db, list)).toBe(ofOne);
  // Whose token it is, and everything about the articles.
  expect(ofOne).toBe(2);
});
