/** An article that is deleted after a request has found it, and before the request is done. */

import { eq } from "drizzle-orm";
import { expect, vi } from "vitest";

import type * as service from "../../src/articles/service.ts";
import { articles } from "../../src/articles/table.ts";
import { test } from "../support/application.ts";
import { publish, register } from "../support/blog.ts";
import { expectError } from "../support/errors.ts";

vi.mock(import("../../src/articles/service.ts"), async (importOriginal) => {
  const original = await importOriginal();
  const findArticle: typeof service.findArticle = async (db, slug) => {
    const found = await original.findArticle(db, slug);
    await db.delete(articles).where(eq(articles.id, found.id));
    return found;
  };
  return { ...original, findArticle };
});

test.for([
  ["favorite", {}],
  ["comments", { comment: { body: "Nice" } }],
] as const)("what %s adds to is not found", async ([path, body], { client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const response = await client.post(`/api/articles/${slug}/${path}`).set(ada.headers).send(body);
  expectError(response, 404);
  expect(response.body).toEqual({ errors: { article: ["not found"] } });
});
