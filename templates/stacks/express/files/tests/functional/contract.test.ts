/** docs/openapi.yaml is written by hand. `client` holds each answer to it; this is the rest. */

import { randomUUID } from "node:crypto";

import { expect } from "vitest";

import { test } from "../support/application.ts";
import { Contract } from "../support/contract.ts";

const { operations } = Contract.read();
const paths = new Set(operations.map(({ path }) => path));

/** Returns the documented methods of a path, and those that follow from them. */
function methodsOf(path: string): string[] {
  const methods = operations.filter((each) => each.path === path).map(({ method }) => method);
  return [...methods, ...(methods.includes("get") ? ["head"] : []), "options"];
}

test.for(Array.from(paths))(
  "every documented operation is there, and no other: %s",
  async (path, { client }) => {
    const response = await client.options(path.replace(/\{\w+\}/g, randomUUID()));
    expect(response.status).toBe(204);
    const allowed = response.get("allow")?.toLowerCase().split(", ");
    expect(allowed?.sort()).toEqual(methodsOf(path).sort());
  },
);

test("the document is served", async ({ client }) => {
  const response = await client.get("/openapi.json");
  expect(response.type).toBe("application/json");
  const served = new Contract(response.body as Record<string, unknown>);
  expect(served.operations).toEqual(operations);
});
