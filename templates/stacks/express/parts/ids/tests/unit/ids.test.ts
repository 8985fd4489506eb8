import { randomUUID } from "node:crypto";

import { expect, test } from "vitest";

import { NotFoundError } from "../../src/errors.ts";
import { parseId } from "../../src/ids.ts";

test("a UUID is an id", () => {
  const id = randomUUID();
  expect(parseId(id)).toBe(id);
});

test.each(["1", "not-a-uuid", "\0", ["a", "b"], undefined])("%j belongs to nothing", (text) => {
  expect(() => parseId(text, "No such thing.")).toThrow(new NotFoundError("No such thing."));
});
