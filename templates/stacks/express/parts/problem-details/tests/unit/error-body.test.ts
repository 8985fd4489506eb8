import { describe, expect, test } from "vitest";

import { bodyOf, jsonPointer } from "../../src/error-body.ts";
import { InvalidInputError, ServiceError } from "../../src/errors.ts";

test.each([
  [[], "#"],
  [["title"], "#/title"],
  [["items", 0, "name"], "#/items/0/name"],
  [["a/b~c"], "#/a~1b~0c"],
  [["größe %"], "#/gr%C3%B6%C3%9Fe%20%25"],
  [["half a pair \ud800"], "#/half%20a%20pair%20%EF%BF%BD"],
])("the path %j is the pointer %s", (path, pointer) => {
  expect(jsonPointer(path)).toBe(pointer);
});

describe("an error becomes a problem", () => {
  test("named by its status", () => {
    expect(bodyOf(new ServiceError(413, "Too much."))).toEqual({
      type: "about:blank",
      title: "Content Too Large",
      status: 413,
      detail: "Too much.",
    });
  });

  test("with each invalid value", () => {
    const error = new InvalidInputError([
      { source: "body", path: ["title"], message: "Too long." },
      { source: "query", path: ["page"], message: "Too small." },
    ]);
    expect(bodyOf(error)).toMatchObject({
      title: "Unprocessable Content",
      errors: [
        { pointer: "#/title", detail: "Too long." },
        { parameter: "page", detail: "Too small." },
      ],
    });
  });
});
