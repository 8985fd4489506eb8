/** Marking articles. */

import { expect } from "vitest";

import { test } from "../support/application.ts";
import { publish, register } from "../support/blog.ts";

test("a mark is counted once and seen by its owner only", async ({ client }) => {
  const ada = await register(client);
  const grace = await register(client);
  const { slug } = await publish(client, ada);
  const url = `/api/articles/${slug}`;
  for (let time = 0; time < 2; time += 1) {
    const response = await client.post(`${url}/favorite`).set(grace.headers);
    expect(response.body.article).toMatchObject({ favorited: true, favoritesCount: 1 });
  }
  await client.post(`${url}/favorite`).set(ada.headers);
  const counted = { favoritesCount: 2 };
  expect((await client.get(url)).body.article).toMatchObject({ ...counted, favorited: false });
  expect((await client.get(url).set(ada.headers)).body.article).toMatchObject({
    ...counted,
    favorited: true,
  });
  for (let time = 0; time < 2; time += 1) {
    const response = await client.delete(`${url}/favorite`).set(grace.headers);
    expect(response.body.article).toMatchObject({ favorited: false, favoritesCount: 1 });
  }
});
