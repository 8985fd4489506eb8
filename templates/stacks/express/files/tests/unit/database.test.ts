import { existsSync, readFileSync, writeFileSync } from "node:fs";

import { pgTable } from "drizzle-orm/pg-core";
import { expect, test } from "vitest";

import { isUnavailable, moment, openDatabase, withLibpqModes } from "../../src/database.ts";
import { newEmbedded, silent } from "../support/databases.ts";

function failure(code: string, message = ""): Error {
  // Drizzle wraps what the driver throws.
  return new Error("Failed query", { cause: Object.assign(new Error(message), { code }) });
}

test.each([
  failure("57P03"), // the server is starting up
  failure("57014"), // the statement took too long
  failure("40P01"), // a deadlock, which another transaction survived
  failure("53300"), // too many connections
  failure("08006"), // the connection failed
  failure("ECONNREFUSED"),
  failure("", "timeout exceeded when trying to connect"),
  failure("", "Connection terminated unexpectedly"),
  failure("53100"), // the disk is full
  failure("XX000", 'could not extend file "base/5/16384": File too large'),
])("what the client may try again is unavailability: %o", (error) => {
  expect(isUnavailable(error)).toBe(true);
});

test.each([
  failure("ENOENT", "no such file"),
  failure("42P01"), // no such table
  failure("23505"), // a value is there already
  new Error("any other"),
  "no error at all",
])("our own mistakes are not: %o", (error) => {
  expect(isUnavailable(error)).toBe(false);
});

test("the embedded database is kept from other processes", async () => {
  const { url } = await newEmbedded("empty");
  writeFileSync(lockOf(url), String(process.ppid));
  const opened = openDatabase(url, silent);
  await expect(opened).rejects.toThrow(`in use by process ${process.ppid}`);
});

test("a lock of a process that is gone does not count, and ours is taken away", async () => {
  const { url } = await newEmbedded("empty");
  writeFileSync(lockOf(url), String(2 ** 22 + 1));
  const { close } = await openDatabase(url, silent);
  expect(readFileSync(lockOf(url), "utf8")).toBe(String(process.pid));
  await close();
  expect(existsSync(lockOf(url))).toBe(false);
});

function lockOf(url: string): string {
  return `${url.slice("pglite:".length)}.lock`;
}

test.each([
  ["postgresql://u:p@h/db?sslmode=require", "?sslmode=require&uselibpqcompat=true"],
  ["postgresql://u:p@h/db", ""],
])("TLS means what it means to PostgreSQL's own programs: %s", (url, search) => {
  expect(new URL(withLibpqModes(url)).search).toBe(search);
});

test.each([
  ["2026-11-22 22:14:00+00", "2026-11-22T22:14:00.000000Z"],
  ["2026-11-22 22:14:00.57+00", "2026-11-22T22:14:00.570000Z"],
  ["2026-11-22 22:14:00.577123+00", "2026-11-22T22:14:00.577123Z"],
])("moments sort as texts: %s", (stored, answered) => {
  const { at } = pgTable("events", { at: moment() });
  expect(at.mapFromDriverValue(stored)).toBe(answered);
});
