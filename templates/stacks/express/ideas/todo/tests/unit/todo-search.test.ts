import { expect, test } from "vitest";

import { fold } from "../../src/todos/service.ts";

test.each([
  ["MILK", "milk"],
  ["ÄPFEL", "äpfel"],
  ["Straße", "STRASSE"],
  ["ΟΔΟΣ", "οδος"],
  ["e\u0301", "É"],
])("%s and %s differ in case only", (one, other) => {
  expect(fold(one)).toBe(fold(other));
});

test.each([
  ["a", "ä"],
  ["1", "l"],
])("%s and %s stay different", (one, other) => {
  expect(fold(one)).not.toBe(fold(other));
});
