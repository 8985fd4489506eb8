/** Writing and reading articles. */

import { sql } from "drizzle-orm";
import { describe, expect } from "vitest";

import { articles } from "../../src/articles/table.ts";
import { pathOf, test } from "../support/application.ts";
import { publish, register } from "../support/blog.ts";
import { expectError, invalidNames } from "../support/errors.ts";

const ARTICLES = "/api/articles";

describe("publishing", () => {
  test("an article is answered and kept", async ({ client }) => {
    const { headers, username } = await register(client);
    const article = {
      title: " Héllo, Wörld! ",
      description: "About it",
      body: " As *written*.\n",
      tagList: ["b", "a", "b", "Z"],
    };
    const response = await client.post(ARTICLES).set(headers).send({ article });
    expect(response.status).toBe(201);
    expect(pathOf(response.get("location") ?? "")).toBe(`${ARTICLES}/hello-world`);
    expect(response.body.article).toEqual({
      slug: "hello-world",
      title: "Héllo, Wörld!",
      description: "About it",
      body: " As *written*.\n",
      tagList: ["Z", "a", "b"],
      createdAt: response.body.article.updatedAt,
      updatedAt: response.body.article.updatedAt,
      favorited: false,
      favoritesCount: 0,
      author: { username, bio: null, image: null, following: false },
    });
    expect((await client.get(`${ARTICLES}/hello-world`)).body).toEqual(response.body);
  });

  test("the same title gets another slug", async ({ client }) => {
    const ada = await register(client);
    const { slug } = await publish(client, ada, { title: "Twice" });
    const { slug: other } = await publish(client, ada, { title: "Twice" });
    expect(slug).toBe("twice");
    expect(other).toMatch(/^twice-[a-z0-9]{6}$/);
  });

  test("what only the service decides is ignored", async ({ client }) => {
    const ada = await register(client);
    const grace = await register(client);
    const article = await publish(client, ada, {
      title: "Mine",
      slug: "yours",
      createdAt: "2000-01-01T00:00:00Z",
      favorited: true,
      favoritesCount: 99,
      author: { username: grace.username },
    });
    expect(article).toMatchObject({ slug: "mine", favorited: false, favoritesCount: 0 });
    expect(article.author.username).toBe(ada.username);
    expect(article.createdAt > "2020").toBe(true);
  });

  test.for(["<script>alert(1)</script>", "'; DROP TABLE articles; --", "{{ 7*7 }}"])(
    "markup and SQL are only text: %s",
    async (text, { client }) => {
      const ada = await register(client);
      const fields = { title: text, description: text, body: text, tagList: [text] };
      const { slug } = await publish(client, ada, fields);
      expect((await client.get(`${ARTICLES}/${slug}`)).body.article).toMatchObject(fields);
    },
  );

  test("tags come in the order of their code points", async ({ client }) => {
    const tagList = ["\u{1f95b}", "\uff5a", "é", "z", "a", "Z"];
    const article = await publish(client, await register(client), { tagList });
    expect(article.tagList).toEqual(["Z", "a", "z", "é", "\uff5a", "\u{1f95b}"]);
  });
});

test.for([
  ["title", ""],
  ["title", null],
  ["title", " \t"],
  ["title", "x".repeat(201)],
  ["title", 1],
  ["title", "a\0b"],
  ["description", ""],
  ["description", "x".repeat(501)],
  ["body", ""],
  ["body", " \n\u3000"],
  ["body", "x".repeat(50_001)],
  ["body", "\ud800"],
  ["tagList", null],
  ["tagList", "a"],
  ["tagList", [""]],
  ["tagList", [1]],
  ["tagList", ["x".repeat(51)]],
  ["tagList", Array.from({ length: 21 }, (_, number) => String(number))],
  ["colour", "red"],
] as const)("an invalid field is named", async ([field, value], { client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const article = { title: "x", description: "x", body: "x", [field]: value };
  const created = await client.post(ARTICLES).set(ada.headers).send({ article });
  expect(invalidNames(created)).toEqual([field]);
  const changes = { article: { [field]: value } };
  const changed = await client.put(`${ARTICLES}/${slug}`).set(ada.headers).send(changes);
  expect(invalidNames(changed)).toEqual([field]);
});

test("a missing field can't be blank", async ({ client }) => {
  const { headers } = await register(client);
  const response = await client
    .post(ARTICLES)
    .set(headers)
    .send({ article: { title: "x" } });
  const blank = ["can't be blank"];
  expect(response.body).toEqual({ errors: { description: blank, body: blank } });
});

describe("changing", () => {
  test("only the given fields and the time change", async ({ client, context }) => {
    const ada = await register(client);
    const article = await publish(client, ada, { tagList: ["a"] });
    // The embedded database's clock has milliseconds only: both could be in one.
    await context.db.update(articles).set({ updatedAt: sql`updated_at - interval '1 second'` });
    const url = `${ARTICLES}/${article.slug}`;
    const response = await client
      .put(url)
      .set(ada.headers)
      .send({ article: { body: "New" } });
    const { updatedAt } = response.body.article;
    expect(response.body.article).toEqual({ ...article, body: "New", updatedAt });
    expect(updatedAt >= article.updatedAt).toBe(true);
    expect((await client.get(url)).body).toEqual(response.body);
  });

  test("a new title makes a new slug, and the same title keeps it", async ({ client }) => {
    const ada = await register(client);
    await publish(client, ada, { title: "Taken" });
    const { slug } = await publish(client, ada, { title: "Before" });
    const change = (from: string, title: string) =>
      client.put(`${ARTICLES}/${from}`).set(ada.headers).send({ article: { title } });
    expect((await change(slug, "Before")).body.article.slug).toBe("before");
    expect((await change(slug, "After")).body.article.slug).toBe("after");
    expectError(await client.get(`${ARTICLES}/before`), 404);
    const taken = await change("after", "Taken");
    expect(taken.body.article.slug).toMatch(/^taken-[a-z0-9]{6}$/);
  });

  test("an empty list takes the tags away", async ({ client }) => {
    const ada = await register(client);
    const { slug } = await publish(client, ada, { tagList: ["a", "b"] });
    const change = (tagList: string[]) =>
      client.put(`${ARTICLES}/${slug}`).set(ada.headers).send({ article: { tagList } });
    expect((await change(["c"])).body.article.tagList).toEqual(["c"]);
    expect((await change([])).body.article.tagList).toEqual([]);
  });

  test("an empty object changes nothing", async ({ client }) => {
    const ada = await register(client);
    const article = await publish(client, ada);
    const response = await client
      .put(`${ARTICLES}/${article.slug}`)
      .set(ada.headers)
      .send({ article: {} });
    expect(response.body.article).toEqual(article);
  });
});

test("only its author may change or delete an article", async ({ client }) => {
  const { slug } = await publish(client, await register(client));
  const grace = await register(client);
  const url = `${ARTICLES}/${slug}`;
  for (const response of [
    await client
      .put(url)
      .set(grace.headers)
      .send({ article: { body: "Mine now" } }),
    await client.delete(url).set(grace.headers),
  ]) {
    expectError(response, 403);
    expect(response.body).toEqual({ errors: { article: ["forbidden"] } });
  }
  expect((await client.get(url)).body.article.body).toBe("Text");
});

test("a deleted article is gone with all that belongs to it", async ({ client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada, { tagList: ["only"] });
  const url = `${ARTICLES}/${slug}`;
  await client.post(`${url}/favorite`).set(ada.headers);
  await client
    .post(`${url}/comments`)
    .set(ada.headers)
    .send({ comment: { body: "x" } });
  expect((await client.delete(url).set(ada.headers)).status).toBe(204);
  expectError(await client.get(url), 404);
  expectError(await client.delete(url).set(ada.headers), 404);
  expect((await client.get("/api/tags")).body).toEqual({ tags: [] });
});

test.for(["nothing", "%00", "x".repeat(200)])(
  "no article is called %s",
  async (slug, { client }) => {
    const { headers } = await register(client);
    const url = `${ARTICLES}/${slug}`;
    for (const response of [
      await client.get(url),
      await client.get(`${url}/html`),
      await client.get(`${url}/comments`),
      await client.put(url).set(headers).send({ article: {} }),
      await client.delete(url).set(headers),
      await client.post(`${url}/favorite`).set(headers),
      await client.delete(`${url}/favorite`).set(headers),
      await client
        .post(`${url}/comments`)
        .set(headers)
        .send({ comment: { body: "x" } }),
      await client.delete(`${url}/comments/1`).set(headers),
    ]) {
      expectError(response, 404);
      expect(response.body).toEqual({ errors: { article: ["not found"] } });
    }
  },
);

test("the feed is no article", async ({ client }) => {
  const ada = await register(client);
  expect((await publish(client, ada, { title: "Feed" })).slug).toMatch(/^feed-[a-z0-9]{6}$/);
  const response = await client.delete(`${ARTICLES}/feed`).set(ada.headers);
  expectError(response, 405);
  expect(response.get("allow")).toBe("GET, HEAD, OPTIONS");
});

test("the body is answered as HTML", async ({ client }) => {
  const body = "Some *text*\n\n<script>alert(1)</script>";
  const { slug } = await publish(client, await register(client), { body });
  const response = await client.get(`${ARTICLES}/${slug}/html`);
  expect(response.type).toBe("text/html");
  expect(response.text).toContain("<em>text</em>");
  expect(response.text).not.toContain("<script>");
  expect(response.get("content-security-policy")).toContain("default-src 'none'");
});

test("the tags in use come in alphabetical order", async ({ client }) => {
  const ada = await register(client);
  await publish(client, ada, { tagList: ["b", "Z"] });
  await publish(client, ada, { tagList: ["b", "a"] });
  expect((await client.get("/api/tags")).body).toEqual({ tags: ["Z", "a", "b"] });
});
