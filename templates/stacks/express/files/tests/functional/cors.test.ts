/** Which web pages may call the application. */

import { describe, expect } from "vitest";

import { EXPOSED_HEADERS } from "../../src/routes.ts";
import { test } from "../support/application.ts";

const ALLOWED = "https://app.example";
const OTHER = "https://evil.example";

test("every origin may read answers by default", async ({ client }) => {
  const response = await client.get("/probe").set("Origin", OTHER);
  expect(response.get("access-control-allow-origin")).toBe("*");
  expect(response.get("access-control-allow-credentials")).toBeUndefined();
  const exposed = response.get("access-control-expose-headers")?.split(",");
  expect(exposed).toEqual(["Retry-After", "X-Request-Id", ...EXPOSED_HEADERS]);
});

test("a preflight request is answered", async ({ client }) => {
  const response = await client.options("/probe").set({
    Origin: OTHER,
    "Access-Control-Request-Method": "PATCH",
    "Access-Control-Request-Headers": "content-type",
  });
  expect(response.status).toBe(204);
  expect(response.get("access-control-allow-origin")).toBe("*");
  const methods = response.get("access-control-allow-methods")?.split(",");
  expect(methods).toEqual(expect.arrayContaining(["GET", "POST", "PATCH", "DELETE"]));
  expect(response.get("access-control-allow-headers")?.split(",")).toContain("Content-Type");
  expect(response.get("access-control-allow-credentials")).toBeUndefined();
});

describe("with configured origins", () => {
  test.override({ environment: { CORS_ALLOWED_ORIGINS: ALLOWED } });

  test.for(["/probe", "/nowhere", "/probe/broken"])(
    "only configured origins may read answers",
    async (path, { client }) => {
      const allowed = await client.get(path).set("Origin", ALLOWED);
      expect(allowed.get("access-control-allow-origin")).toBe(ALLOWED);
      expect(allowed.get("vary")).toContain("Origin");
      const other = await client.get(path).set("Origin", OTHER);
      expect(other.get("access-control-allow-origin")).toBeUndefined();
    },
  );

  test.for([
    [ALLOWED, ALLOWED],
    [OTHER, undefined],
  ])("only configured origins may write: %s", async ([origin, answer], { client }) => {
    const response = await client
      .options("/probe")
      .set({ Origin: origin ?? "", "Access-Control-Request-Method": "POST" });
    expect(response.get("access-control-allow-origin")).toBe(answer);
  });
});
