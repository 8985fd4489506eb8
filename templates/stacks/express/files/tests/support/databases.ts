/** New databases for tests: embedded ones, or on the server that TEST_DATABASE_URL names. */

import { randomUUID } from "node:crypto";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import pg from "pg";
import { pino } from "pino";
import { inject } from "vitest";

import { openDatabase } from "../../src/database.ts";

export const SERVER = process.env["TEST_DATABASE_URL"];
export const silent = pino({ enabled: false });

export interface NewDatabase {
  url: string;
  drop: () => Promise<void>;
}

/** Makes a database without tables. */
export async function newDatabase(): Promise<NewDatabase> {
  return SERVER ? await newOnServer(SERVER) : await newEmbedded("empty");
}

/** Makes a database with all tables. */
export async function newMigratedDatabase(): Promise<NewDatabase> {
  if (!SERVER) return await newEmbedded("migrated");
  const database = await newOnServer(SERVER);
  const { migrate, close } = await openDatabase(database.url, silent);
  await migrate();
  await close();
  return database;
}

/** Copies an embedded database. */
export async function newEmbedded(template: "empty" | "migrated"): Promise<NewDatabase> {
  const folder = join(inject("databases"), newName());
  await cp(join(inject("databases"), template), folder, { recursive: true });
  // It is thrown away with the folder around it.
  return { url: `pglite:${folder}`, drop: () => Promise.resolve() };
}

async function newOnServer(server: string): Promise<NewDatabase> {
  const name = newName();
  await execute(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return {
    url: url.href,
    drop: () => execute(server, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

function newName(): string {
  return `test_${randomUUID().replaceAll("-", "")}`;
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}
