/** Todos to look at. */

import { expect, vi } from "vitest";

import { readSeed, seed, seedDatabase } from "../../src/seeds.ts";
import { pathOf, test } from "../support/application.ts";
import { newDatabase, newMigratedDatabase } from "../support/databases.ts";

const TODOS = "/api/v1/todos";

test("seeding twice is seeding once", async ({ context, client }) => {
  const news = readSeed();
  expect(await seed(context.db, news)).toBe(news.length);
  expect(await seed(context.db, news)).toBe(0);
  const { body } = await client.get(TODOS);
  const titles = (body as { title: string }[]).map(({ title }) => title);
  expect(new Set(titles)).toEqual(new Set(news.map(({ title }) => title)));
});

test("seeding keeps what people changed", async ({ context, client }) => {
  await seed(context.db, readSeed());
  const { body } = await client.get(TODOS);
  const path = pathOf((body as { url: string }[])[0]?.url ?? "");
  const changed = await client.patch(path).send({ title: "My own" });
  await seed(context.db, readSeed());
  expect((await client.get(path)).body).toEqual(changed.body);
});

test("the command seeds the configured database", async () => {
  const { url, drop } = await newMigratedDatabase();
  vi.stubEnv("DATABASE_URL", url);
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await seedDatabase();
  expect(written).toHaveBeenCalledWith(`Added ${readSeed().length} todos.\n`);
  await drop();
});

test("a database without tables is one clear line", async () => {
  const { url, drop } = await newDatabase();
  vi.stubEnv("DATABASE_URL", url);
  await expect(seedDatabase()).rejects.toThrow("npm run migrate");
  await drop();
});
