import { expect, test } from "vitest";

import { slugOf, withEnding } from "../../src/articles/slugs.ts";

test.each([
  ["Notes on the Analytical Engine", "notes-on-the-analytical-engine"],
  ["  C++ & C#: who wins?  ", "c-c-who-wins"],
  ["Größe", "grosse"],
  ["Crème brûlée", "creme-brulee"],
  ["牛乳", "niuru"],
  ["x".repeat(200), "x".repeat(80)],
  [`${"x".repeat(79)} y`, "x".repeat(79)],
])("the slug of %j is %s", (title, slug) => {
  expect(slugOf(title)).toBe(slug);
});

test.each([
  ["!!!", /^article-[a-z0-9]{6}$/],
  ["Feed", /^feed-[a-z0-9]{6}$/],
])("the title %j gets letters at the end of its slug", (title, form) => {
  expect(slugOf(title)).toMatch(form);
});

test("no two endings are the same", () => {
  const slugs = Array.from({ length: 100 }, () => withEnding("x"));
  expect(new Set(slugs).size).toBe(100);
});
