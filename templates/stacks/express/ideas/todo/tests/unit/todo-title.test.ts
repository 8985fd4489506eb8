import { readFileSync } from "node:fs";

import { expect, test } from "vitest";
import { parse } from "yaml";
import { z } from "zod";

import { Title } from "../../src/todos/schemas.ts";

const Document = z.object({
  components: z.object({
    schemas: z.object({ Title: z.object({ pattern: z.string() }) }),
  }),
});
const file = new URL("../../docs/openapi.yaml", import.meta.url);
const document = Document.parse(parse(readFileSync(file, "utf8")));
const documented = new RegExp(document.components.schemas.Title.pattern, "u");

test.each([
  "",
  " ",
  "x",
  " x ",
  "\t牛乳\u3000",
  "\x1c\x1d\x1e\x1f\x85\u1680",
  "\ufeff",
  "x".repeat(200),
  "x".repeat(201),
  " ".repeat(50) + "🥛".repeat(200) + " ".repeat(50),
  `a${" ".repeat(198)}b`,
  `a${" ".repeat(199)}b`,
  "a\0b",
  "two\nlines",
])("the documented pattern is what is checked: %j", (title) => {
  expect(Title.safeParse(title).success).toBe(documented.test(title));
});
