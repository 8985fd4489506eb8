import { expect, test } from "vitest";

import { bodyOf } from "../../src/error-body.ts";
import { InvalidInputError, NotFoundError, ServiceError } from "../../src/errors.ts";
import { TakenError, UnknownError } from "../../src/field-errors.ts";

test.each([
  [new UnknownError("article"), { article: ["not found"] }],
  [
    new TakenError(["username", "email"]),
    { username: ["has already been taken"], email: ["has already been taken"] },
  ],
  [new NotFoundError(), { path: ["There is nothing at this address."] }],
  [new ServiceError(413, "Too large."), { request: ["Too large."] }],
  [new ServiceError(429, "Wait."), { credentials: ["Wait."] }],
  [new ServiceError(418, "A teapot."), { server: ["A teapot."] }],
])("an error names what is wrong: %s", (error, errors) => {
  expect(bodyOf(error)).toEqual({ errors });
});

test.each([
  [[], "request"],
  [["user"], "user"],
  [["user", "email"], "email"],
  [["article", "tagList", 3], "tagList"],
  [["displayName"], "displayName"],
  [["user", "half a pair \ud800"], "half a pair \ufffd"],
  [["__proto__"], "__proto__"],
])("a field has its own name: %j is %s", (path, name) => {
  const error = new InvalidInputError([{ source: "body", path, message: "wrong" }]);
  expect(Object.entries(bodyOf(error).errors)).toEqual([[name, ["wrong"]]]);
});

test("a field says the same only once", () => {
  const inputs = ["long", "long", "Unknown field."].map((message, number) => ({
    source: "body" as const,
    path: ["article", "tagList", number],
    message,
  }));
  expect(bodyOf(new InvalidInputError(inputs))).toEqual({
    errors: { tagList: ["long", "is unknown"] },
  });
});
