/** The connection to the database: PGlite when nothing else is said, or PostgreSQL. */

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

import { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { drizzle as drizzlePostgres } from "drizzle-orm/node-postgres";
import { migrate as migratePostgres } from "drizzle-orm/node-postgres/migrator";
import { customType, type PgDatabase, type PgQueryResultHKT } from "drizzle-orm/pg-core";
import { drizzle as drizzlePglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import pg from "pg";
import type { Logger } from "pino";

import { DatabaseUnavailableError } from "./errors.ts";
import { ProgramError } from "./program.ts";

// No request waits longer than this, all in milliseconds.
const CONNECT_TIMEOUT = 5_000;
const QUERY_TIMEOUT = 10_000;
const PING_TIMEOUT = 2_000;

export const MIGRATIONS = fileURLToPath(new URL("../migrations", import.meta.url));

/** Queries and transactions, the same on both databases. */
export type Database = PgDatabase<PgQueryResultHKT>;

/** A database that is open. */
export interface OpenDatabase {
  db: Database;
  /** Brings it to the newest schema. */
  migrate: () => Promise<void>;
  close: () => Promise<void>;
}

/**
 * Opens the database that a URL names.
 *
 * @throws ProgramError Another process has the embedded database.
 */
export async function openDatabase(url: string, log: Logger): Promise<OpenDatabase> {
  return url.startsWith("pglite:")
    ? await openPglite(url.slice("pglite:".length))
    : openPostgres(url, log);
}

function openPostgres(url: string, log: Logger): OpenDatabase {
  const pool = new pg.Pool({
    connectionString: withLibpqModes(url),
    connectionTimeoutMillis: CONNECT_TIMEOUT,
    query_timeout: QUERY_TIMEOUT,
    statement_timeout: QUERY_TIMEOUT,
    options: "-c timezone=UTC",
  });
  // A connection broke while nobody used it: the pool has dropped it already.
  pool.on("error", (error) => {
    log.warn({ err: error }, "lost an idle connection to the database");
  });
  // It broke during a transaction: the next query fails, and without a listener the process ends.
  pool.on("connect", (client) => {
    client.on("error", () => undefined);
  });
  const db = drizzlePostgres({ client: pool });
  return {
    db,
    migrate: () => migratePostgres(db, { migrationsFolder: MIGRATIONS }),
    close: () => pool.end(),
  };
}

/** Makes the driver read `sslmode` as PostgreSQL's own programs do; it is stricter by itself. */
export function withLibpqModes(url: string): string {
  const parsed = new URL(url);
  if (parsed.searchParams.has("sslmode")) parsed.searchParams.set("uselibpqcompat", "true");
  return parsed.href;
}

async function openPglite(folder: string): Promise<OpenDatabase> {
  const unlock = folder.startsWith("memory:") ? () => undefined : lock(folder);
  // A log in pieces of 1 MB, not 16: a new database takes half the space.
  const client = await PGlite.create(folder, { initDbStartParams: ["--wal-segsize=1"] });
  const db = drizzlePglite({ client });
  return {
    db,
    migrate: () => migratePglite(db, { migrationsFolder: MIGRATIONS }),
    close: async () => {
      await client.close();
      unlock();
    },
  };
}

/**
 * Keeps other processes out of a folder: PGlite does not notice them, and two would destroy it.
 * Returns what lets them in again.
 */
function lock(folder: string): () => void {
  const file = `${folder}.lock`;
  mkdirSync(dirname(folder), { recursive: true });
  const owner = existsSync(file) ? Number(readFileSync(file, "utf8")) : process.pid;
  if (owner !== process.pid && isRunning(owner)) {
    throw new ProgramError(
      `The database ${folder} is in use by process ${owner}. Stop it first (or, if it is not ` +
        `this application, delete ${file}).`,
    );
  }
  writeFileSync(file, String(process.pid));
  return () => {
    rmSync(file, { force: true });
  };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * Asks the database for an answer.
 *
 * @throws DatabaseUnavailableError There was none in time.
 */
export async function ping(db: Database, timeout = PING_TIMEOUT): Promise<void> {
  const enough = new AbortController();
  try {
    await Promise.race([
      db.execute(sql`SELECT 1`),
      sleep(timeout, undefined, { signal: enough.signal }).then(() => {
        throw new Error(`no answer in ${timeout} ms`);
      }),
    ]);
  } catch (error) {
    throw new DatabaseUnavailableError({ cause: error });
  } finally {
    enough.abort();
  }
}

// Classes of SQLSTATE: no connection, rolled back for another transaction's sake (a deadlock), no
// resources left, stopped by the operator or a timeout.
const UNAVAILABLE_SQLSTATES = /^(08|40|53|57)/;
const UNAVAILABLE_SYSTEM =
  /^(EAI_AGAIN|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT)$/;
// The driver's own errors have no code, and a file that cannot grow has one that says nothing.
const UNAVAILABLE_MESSAGES =
  /^(Connection terminated|Query read timeout|timeout exceeded when trying to connect|Client has encountered a connection error|could not extend file)/;

/** Tells whether an error means that the database cannot serve us now, and no mistake of ours. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = codeOf(error);
  return (
    (code !== undefined && (UNAVAILABLE_SYSTEM.test(code) || isUnavailableState(code))) ||
    UNAVAILABLE_MESSAGES.test(error.message) ||
    isUnavailable(error.cause)
  );
}

function isUnavailableState(code: string): boolean {
  return code.length === 5 && UNAVAILABLE_SQLSTATES.test(code);
}

/** Returns the code that the system or the database gave an error. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;
}

/**
 * A moment in UTC, as RFC 3339 writes it, always with microseconds: such texts sort as time goes.
 * JavaScript's Date would drop the microseconds, and PostgreSQL drops zeros at the end.
 */
export const moment = customType<{ data: string; driverData: string }>({
  dataType: () => "timestamp with time zone",
  fromDriver: (text) => {
    const [seconds = "", fraction = ""] = text.replace("+00", "").replace(" ", "T").split(".");
    return `${seconds}.${fraction.padEnd(6, "0")}Z`;
  },
});
