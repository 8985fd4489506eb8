import { expect, test } from "vitest";

import { isForeignKeyViolation, isUniqueViolation } from "../../src/constraints.ts";

/** Returns an error as Drizzle wraps what the driver throws. */
function failure(code: string): Error {
  return new Error("Failed query", { cause: Object.assign(new Error("refused"), { code }) });
}

test("a value that is there already is recognised", () => {
  expect(isUniqueViolation(failure("23505"))).toBe(true);
});

test("a row that is gone is recognised", () => {
  expect(isForeignKeyViolation(failure("23503"))).toBe(true);
});

test.each([failure("40001"), new Error("any other"), "no error at all"])(
  "all else is another matter: %o",
  (error) => {
    expect(isUniqueViolation(error)).toBe(false);
    expect(isForeignKeyViolation(error)).toBe(false);
  },
);
