/** What the tests know of how errors look. */

import type { Response } from "supertest";
import { expect } from "vitest";

interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: { pointer?: string; parameter?: string; detail: string }[];
}

/** Fails unless an answer is an error with this status, and this text for people. */
export function expectError(response: Response, status: number, detail?: string): void {
  const problem = response.body as Problem;
  expect(response.status, response.text).toBe(status);
  expect(response.type).toBe("application/problem+json");
  expect(problem).toMatchObject({ type: "about:blank", status, ...(detail && { detail }) });
}

/** Returns the names of the invalid values of a 422; "" is the whole body. */
export function invalidNames(response: Response): string[] {
  expectError(response, 422);
  const { errors = [] } = response.body as Problem;
  return errors.map(
    ({ pointer = "", parameter }) => parameter ?? decodeURIComponent(pointer.replace(/^#\/?/, "")),
  );
}
