import { expect, test } from "vitest";

import { loadSettings } from "../../src/settings.ts";

const production = { ENVIRONMENT: "production", DATABASE_URL: "postgresql://u:p@h/db" };

test("production refuses the default key", () => {
  expect(() => loadSettings(production)).toThrow(
    "Configuration error: SECRET_KEY: must be set in production",
  );
});

test("production takes a key of its own", () => {
  const SECRET_KEY = "0123456789abcdef0123456789abcdef";
  expect(loadSettings({ ...production, SECRET_KEY })).toMatchObject({ SECRET_KEY });
});

test("a short key is refused", () => {
  expect(() => loadSettings({ SECRET_KEY: "short" })).toThrow(/SECRET_KEY: must have at least 32/);
});
