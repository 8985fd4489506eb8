/** An article that is deleted after a request has found it, and before the request is done. */

import { eq } from "drizzle-orm";
import { expect, vi } from "vitest";

import * as service from "../../src/articles/service.ts";
import { articles } from "../../src/articles/table.ts";
import { test } from "../support/application.ts";
import { publish, register } from "../support/blog.ts";
import { expectError } from "../support/errors.ts";

const { findArticle } = service;

test.for([
  ["favorite", {}],
  ["comments", { comment: { body: "Nice" } }],
] as const)("what %s adds to is not found", async ([path, body], { client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  vi.spyOn(service, "findArticle").mockImplementation(async (db, name) => {
    const found = await findArticle(db, name);
    await db.delete(articles).where(eq(articles.id, found.id));
    return found;
  });
  const response = await client.post(`/api/articles/${slug}/${path}`).set(ada.headers).send(body);
  expectError(response, 404);
  expect(response.body).toEqual({ errors: { article: ["not found"] } });
});
