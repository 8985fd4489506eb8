import { readFileSync } from "node:fs";

import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { NewArticleRequest } from "../../src/articles/schemas.ts";
import { UpdateUserRequest } from "../../src/users/schemas.ts";

const Pattern = z.looseObject({ pattern: z.string() });
const Document = z.object({
  components: z.object({
    schemas: z.object({
      Username: Pattern,
      Email: Pattern,
      Image: Pattern,
      Title: Pattern,
      ArticleBody: Pattern,
    }),
  }),
});
const file = new URL("../../docs/openapi.yaml", import.meta.url);
const { schemas } = Document.parse(parse(readFileSync(file, "utf8"))).components;

const texts = [
  "",
  " ",
  "x",
  " x ",
  "\t牛乳\u3000",
  "\x1c\x1d\x1e\x1f\x85\u1680",
  "\ufeff",
  "a\0b",
  "two\nlines",
  "a/b",
  ".a",
  "a.",
  "a b",
  "a\u2028b",
  "a\x7fb",
  "x".repeat(50),
  "x".repeat(51),
  "x".repeat(201),
  "🥛".repeat(50),
  "a@b",
  "@b",
  "a@",
  "a@b@c",
  `${"x".repeat(64)}@${"y".repeat(189)}`,
  `${"x".repeat(65)}@y`,
  "https://x",
  "http://",
  'https://x/"',
  "ftp://x",
  `https://${"x".repeat(1990)}`,
  `https://${"x".repeat(1991)}`,
];

function accepts(name: keyof typeof schemas, text: string): boolean {
  const article = { title: "x", description: "x", body: "x" };
  const results = {
    Username: () => UpdateUserRequest.safeParse({ user: { username: text } }),
    Email: () => UpdateUserRequest.safeParse({ user: { email: text } }),
    Image: () => UpdateUserRequest.safeParse({ user: { image: text } }),
    Title: () => NewArticleRequest.safeParse({ article: { ...article, title: text } }),
    ArticleBody: () => NewArticleRequest.safeParse({ article: { ...article, body: text } }),
  };
  return results[name]().success;
}

test.each(["Username", "Email", "Image", "Title", "ArticleBody"] as const)(
  "the documented pattern is what is checked: %s",
  (name) => {
    const documented = new RegExp(schemas[name].pattern, "u");
    const accepted = texts.filter((text) => accepts(name, text));
    expect(accepted).toEqual(texts.filter((text) => documented.test(text)));
    expect(accepted.length).toBeGreaterThan(0);
  },
);
