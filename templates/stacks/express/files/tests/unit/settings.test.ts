import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect, test, vi } from "vitest";

import { ConfigurationError, processEnvironment } from "../../src/configuration.ts";
import { usesJson } from "../../src/logging.ts";
import { loadSettings } from "../../src/settings.ts";
import { OWN_SETTINGS } from "../support/own-settings.ts";

const PRODUCTION = { ...OWN_SETTINGS, ENVIRONMENT: "production" };
const POSTGRES = "postgresql://todo:secret@db.example:5432/todo";

/** Returns what the process says before it ends. */
function messageFor(environment: Record<string, string>): string {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message;
    throw error;
  }
  return "";
}

test("everything has a default in development", () => {
  expect(loadSettings({})).toMatchObject({
    ENVIRONMENT: "development",
    DATABASE_URL: "pglite:data/db",
    HOST: "127.0.0.1",
    PORT: 8000,
    CORS_ALLOWED_ORIGINS: ["*"],
  });
});

test("settings come from the environment", () => {
  const settings = loadSettings({
    PORT: "9000",
    CORS_ALLOWED_ORIGINS: "https://a.example, https://b.example:8443",
    PUBLIC_URL: "https://api.example/base/",
    FORWARDED_ALLOW_IPS: "10.0.0.0/8, ::1",
  });
  expect(settings).toMatchObject({
    PORT: 9000,
    CORS_ALLOWED_ORIGINS: ["https://a.example", "https://b.example:8443"],
    PUBLIC_URL: "https://api.example/base",
    FORWARDED_ALLOW_IPS: ["10.0.0.0/8", "::1"],
  });
});

test("an empty variable is one that is not set", () => {
  expect(loadSettings({ PORT: "", PUBLIC_URL: "" })).toEqual(loadSettings({}));
});

test("the file .env is read, and counts less than the environment", () => {
  const folder = mkdtempSync(join(tmpdir(), "settings-"));
  writeFileSync(
    join(folder, ".env"),
    "PORT=9001\nLOG_LEVEL=debug\nPOSTGRES_PASSWORD=for-compose\n",
  );
  // Node.js looks into the folder where the process was started; a thread cannot change it.
  const read = process.loadEnvFile.bind(process);
  vi.spyOn(process, "loadEnvFile").mockImplementation(() => {
    read(join(folder, ".env"));
  });
  vi.stubEnv("PORT", undefined);
  vi.stubEnv("LOG_LEVEL", "error");
  expect(loadSettings(processEnvironment())).toMatchObject({ PORT: 9001, LOG_LEVEL: "error" });
});

test("there need not be a file .env", () => {
  vi.spyOn(process, "loadEnvFile").mockImplementation(() => {
    throw Object.assign(new Error("no such file"), { code: "ENOENT" });
  });
  expect(processEnvironment()).toBe(process.env);
});

test.each([
  ["ENVIRONMENT", "staging"],
  ["PORT", "eighty"],
  ["PORT", "65536"],
  ["PORT", "0"],
  ["LOG_LEVEL", "loud"],
  ["LOG_FORMAT", "xml"],
  ["MAX_BODY_BYTES", "0"],
  ["CORS_ALLOWED_ORIGINS", "app.example.com"],
  ["CORS_ALLOWED_ORIGINS", "https://app.example.com/path"],
  ["PUBLIC_URL", "api.example.com"],
  ["PUBLIC_URL", "https://api.example.com/?q=1"],
  ["FORWARDED_ALLOW_IPS", "proxy"],
  ["FORWARDED_ALLOW_IPS", "10.0.0.0/33"],
  ["DATABASE_URL", "no url"],
  ["DATABASE_URL", "mysql://root@localhost/app"],
  ["DATABASE_URL", "postgresql://localhost"],
  ["DATABASE_URL", "pglite:"],
])("a wrong value names its variable: %s=%s", (name, value) => {
  expect(messageFor({ [name]: value })).toMatch(`Configuration error: ${name}: `);
});

test("every wrong value is named in a line of its own", () => {
  const lines = messageFor({ PORT: "x", LOG_LEVEL: "x" }).split("\n");
  expect(lines.map((line) => line.split(": ")[1])).toEqual(["PORT", "LOG_LEVEL"]);
});

test("a wrong value is not repeated", () => {
  expect(messageFor({ DATABASE_URL: "mysql://root:hunter2@db/app" })).not.toContain("hunter2");
});

test("production refuses the default database password", () => {
  const DATABASE_URL = POSTGRES.replace("secret", "change-me");
  expect(messageFor({ ...PRODUCTION, DATABASE_URL })).toMatch(
    "Configuration error: DATABASE_URL: 'change-me' is the default password",
  );
});

test("production needs a database URL", () => {
  expect(messageFor(PRODUCTION)).toBe(
    "Configuration error: DATABASE_URL: must be set in production",
  );
});

test.each([POSTGRES, "pglite:/srv/db"])("production takes a database that is named: %s", (url) => {
  const settings = loadSettings({ ...PRODUCTION, DATABASE_URL: url });
  expect(settings.DATABASE_URL).toBe(url);
});

test.each([
  ["development", "", false],
  ["production", "", true],
  ["development", "json", true],
  ["production", "console", false],
])("in %s with LOG_FORMAT=%s, logs are JSON: %s", (environment, format, json) => {
  const settings = loadSettings({
    ...OWN_SETTINGS,
    ENVIRONMENT: environment,
    DATABASE_URL: POSTGRES,
    LOG_FORMAT: format,
  });
  expect(usesJson(settings)).toBe(json);
});
