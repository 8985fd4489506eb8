/** Comments on articles. */

import { expect } from "vitest";

import { pathOf, test } from "../support/application.ts";
import { publish, register } from "../support/blog.ts";
import { expectError, invalidNames } from "../support/errors.ts";

test("a comment is answered and listed, the newest first", async ({ client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const url = `/api/articles/${slug}/comments`;
  expect((await client.get(url)).body).toEqual({ comments: [] });
  const say = (body: string) => client.post(url).set(ada.headers).send({ comment: { body } });
  const first = await say("<b>First</b>");
  expect(first.status).toBe(201);
  const { comment } = first.body;
  expect(comment).toMatchObject({
    body: "<b>First</b>",
    author: { username: ada.username, following: false },
  });
  expect(comment.createdAt).toBe(comment.updatedAt);
  expect(pathOf(first.get("location") ?? "")).toBe(`${url}/${comment.id}`);
  const second = await say("Second");
  expect((await client.get(url)).body).toEqual({
    comments: [second.body.comment, comment],
  });
});

test("only its author may delete a comment", async ({ client }) => {
  const ada = await register(client);
  const grace = await register(client);
  const { slug } = await publish(client, ada);
  const url = `/api/articles/${slug}/comments`;
  const { body } = await client
    .post(url)
    .set(grace.headers)
    .send({ comment: { body: "x" } });
  const comment = `${url}/${body.comment.id}`;
  const refused = await client.delete(comment).set(ada.headers);
  expect(refused.status).toBe(403);
  expect(refused.body).toEqual({ errors: { comment: ["forbidden"] } });
  expect((await client.delete(comment).set(grace.headers)).status).toBe(204);
  expectError(await client.delete(comment).set(grace.headers), 404, "not found");
  expect((await client.get(url)).body).toEqual({ comments: [] });
});

test("a comment on another article is not found", async ({ client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const other = await publish(client, ada);
  const { body } = await client
    .post(`/api/articles/${slug}/comments`)
    .set(ada.headers)
    .send({ comment: { body: "x" } });
  const url = `/api/articles/${other.slug}/comments/${body.comment.id}`;
  expect((await client.delete(url).set(ada.headers)).body).toEqual({
    errors: { comment: ["not found"] },
  });
});

test.for(["0", "-1", "x", "1.0", String(2 ** 31), "9".repeat(20)])(
  "no comment has the number %s",
  async (id, { client }) => {
    const ada = await register(client);
    const { slug } = await publish(client, ada);
    const response = await client.delete(`/api/articles/${slug}/comments/${id}`).set(ada.headers);
    expectError(response, 404, "not found");
  },
);

test.for(["", null, " \n", "x".repeat(5001), 1, "a\0b"])(
  "a comment must say something: %j",
  async (body, { client }) => {
    const ada = await register(client);
    const { slug } = await publish(client, ada);
    const response = await client
      .post(`/api/articles/${slug}/comments`)
      .set(ada.headers)
      .send({ comment: { body } });
    expect(invalidNames(response)).toEqual(["body"]);
  },
);
