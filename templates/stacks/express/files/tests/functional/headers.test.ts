/** What every answer tells browsers and caches. */

import { expect } from "vitest";

import { test } from "../support/application.ts";

test.for(["/probe", "/nowhere", "/probe/broken", "/openapi.json"])(
  "every answer has the security headers",
  async (path, { client }) => {
    const { headers } = await client.get(path);
    expect(headers).toMatchObject({
      "content-security-policy": "default-src 'none';frame-ancestors 'none'",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
      "referrer-policy": "no-referrer",
      "cache-control": "no-store",
    });
    expect(headers).not.toHaveProperty("x-powered-by");
  },
);
