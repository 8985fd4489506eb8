/** Users and articles to look at. */

import { expect, vi } from "vitest";

import { readSeed, seed, seedDatabase } from "../../src/seeds.ts";
import { test } from "../support/application.ts";
import { newDatabase, newMigratedDatabase } from "../support/databases.ts";
import { OWN_SETTINGS } from "../support/own-settings.ts";

test("seeding twice is seeding once", async ({ context, client }) => {
  const content = readSeed();
  expect(await seed(context.db, content)).toBe(content.articles.length);
  expect(await seed(context.db, content)).toBe(0);
  const { body } = await client.get("/api/articles").query({ limit: 100 });
  expect(body.articlesCount).toBe(content.articles.length);
});

test("everything in the file is stored", async ({ context, client }) => {
  const content = readSeed();
  await seed(context.db, content);
  const { email, username } = content.users[0] ?? { email: "", username: "" };
  const user = { email, password: content.password };
  const { body } = await client.post("/api/users/login").send({ user });
  const headers = { Authorization: `Token ${body.user.token}` };
  const followed = content.follows.find(({ follower }) => follower === username)?.followed ?? "";
  const profile = await client.get(`/api/profiles/${encodeURIComponent(followed)}`).set(headers);
  expect(profile.body.profile.following).toBe(true);
  for (const article of content.articles) {
    const read = await client.get(`/api/articles/${article.slug}`);
    expect(read.body.article).toMatchObject({
      title: article.title,
      author: { username: article.author },
      favoritesCount: article.favoritedBy.length,
    });
    const { comments } = (await client.get(`/api/articles/${article.slug}/comments`)).body;
    expect(comments).toHaveLength(article.comments.length);
  }
});

test("production gets no users with a known password", async () => {
  vi.stubEnv("ENVIRONMENT", "production");
  vi.stubEnv("DATABASE_URL", "postgresql://nobody:nothing@127.0.0.1:1/none");
  for (const [name, value] of Object.entries(OWN_SETTINGS)) vi.stubEnv(name, value);
  await expect(seedDatabase()).rejects.toThrow("everybody can read");
});

test("the command seeds the configured database", async () => {
  const { url, drop } = await newMigratedDatabase();
  vi.stubEnv("DATABASE_URL", url);
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await seedDatabase();
  expect(written).toHaveBeenCalledWith(`Added ${readSeed().articles.length} articles.\n`);
  await drop();
});

test("a database without tables is one clear line", async () => {
  const { url, drop } = await newDatabase();
  vi.stubEnv("DATABASE_URL", url);
  await expect(seedDatabase()).rejects.toThrow("npm run migrate");
  await drop();
});
