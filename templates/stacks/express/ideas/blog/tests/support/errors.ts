/** What the tests know of how errors look. */

import type { Response } from "supertest";
import { expect } from "vitest";

interface Errors {
  errors: Record<string, string[]>;
}

/** Fails unless an answer is an error with this status, and this text for people. */
export function expectError(response: Response, status: number, message?: string): void {
  expect(response.status, response.text).toBe(status);
  expect(response.type).toBe("application/json");
  const messages = Object.values((response.body as Errors).errors).flat();
  expect(messages.length).toBeGreaterThan(0);
  if (message !== undefined) expect(messages).toContain(message);
}

/** Returns the names of the invalid values of a 422; "" is the whole body. */
export function invalidNames(response: Response): string[] {
  expectError(response, 422);
  const names = Object.keys((response.body as Errors).errors);
  return names.map((name) => (name === "request" ? "" : name));
}
