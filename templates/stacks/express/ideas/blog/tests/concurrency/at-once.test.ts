/** Several clients at the same time. */

import { expect } from "vitest";

import { test } from "../support/application.ts";
import { PASSWORD, publish, register } from "../support/blog.ts";

function times<Result>(count: number, make: (number: number) => Result): Result[] {
  return Array.from({ length: count }, (_, number) => make(number));
}

test("of many who register one name one succeeds", async ({ client }) => {
  const responses = await Promise.all(
    times(10, (number) =>
      client.post("/api/users").send({
        user: {
          username: number % 2 ? "Ada" : "ada",
          email: `${number}@example.com`,
          password: PASSWORD,
        },
      }),
    ),
  );
  const statuses = responses.map(({ status }) => status).sort();
  expect(statuses).toEqual([201, ...times(9, () => 409)]);
  const refused = responses.find(({ status }) => status === 409);
  expect(refused?.body).toEqual({ errors: { username: ["has already been taken"] } });
});

test("many marks at once are one mark", async ({ client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const url = `/api/articles/${slug}`;
  const marks = await Promise.all(times(10, () => client.post(`${url}/favorite`).set(ada.headers)));
  expect(new Set(marks.map(({ status }) => status))).toEqual(new Set([200]));
  expect((await client.get(url)).body.article.favoritesCount).toBe(1);
});

test("articles with one title all get a slug of their own", async ({ client }) => {
  const ada = await register(client);
  const articles = await Promise.all(times(10, () => publish(client, ada, { title: "Same" })));
  expect(new Set(articles.map(({ slug }) => slug)).size).toBe(10);
});

test("titles changed to one at once all get a slug of their own", async ({ client }) => {
  const ada = await register(client);
  const articles = await Promise.all(times(5, () => publish(client, ada)));
  const changed = await Promise.all(
    articles.map(({ slug }) =>
      client
        .put(`/api/articles/${slug}`)
        .set(ada.headers)
        .send({ article: { title: "Same", tagList: ["a", "b"] } }),
    ),
  );
  expect(new Set(changed.map(({ status }) => status))).toEqual(new Set([200]));
  expect(new Set(changed.map(({ body }) => body.article.slug)).size).toBe(5);
});

test("changes of one article's tags at once leave one of them", async ({ client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const responses = await Promise.all(
    times(8, (number) =>
      client
        .put(`/api/articles/${slug}`)
        .set(ada.headers)
        .send({ article: { tagList: [`${number} a`, `${number} b`] } }),
    ),
  );
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]));
  const { tagList } = (await client.get(`/api/articles/${slug}`)).body.article;
  expect(new Set(tagList.map((tag: string) => tag.slice(0, 1))).size).toBe(1);
});

test("what reaches an article that is deleted meanwhile finds none", async ({ client }) => {
  const ada = await register(client);
  const { slug } = await publish(client, ada);
  const url = `/api/articles/${slug}`;
  const article = { body: "Changed", tagList: ["new"] };
  const responses = await Promise.all([
    client.delete(url).set(ada.headers),
    client.delete(url).set(ada.headers),
    client.post(`${url}/favorite`).set(ada.headers),
    client
      .post(`${url}/comments`)
      .set(ada.headers)
      .send({ comment: { body: "Nice" } }),
    client.put(url).set(ada.headers).send({ article }),
  ]);
  const late = responses.filter(({ status }) => status !== 404);
  expect(late.map(({ ok, text }) => ok || text)).toEqual(late.map(() => true));
  expect(responses.filter(({ status }) => status === 204)).toHaveLength(1);
  expect((await client.get(url)).status).toBe(404);
});
