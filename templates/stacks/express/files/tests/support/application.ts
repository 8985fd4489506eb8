/**
 * `test` with what most tests need: a database, the application and a client of it.
 *
 * A test takes what it names in its arguments. `test.override({ environment: {...} })` configures the
 * application of a group of tests.
 */

import type { Server } from "node:http";

import { getTableName, is, sql } from "drizzle-orm";
import { PgTable } from "drizzle-orm/pg-core";
import supertest from "supertest";
import type TestAgent from "supertest/lib/agent.js";
import { test as base } from "vitest";

import { createApp } from "../../src/app.ts";
import type { Context } from "../../src/context.ts";
import { openDatabase, type OpenDatabase } from "../../src/database.ts";
import { createLogger } from "../../src/logging.ts";
import { listen } from "../../src/server.ts";
import { loadSettings } from "../../src/settings.ts";
import * as tables from "../../src/tables.ts";
import { Contract } from "./contract.ts";
import { newMigratedDatabase, silent } from "./databases.ts";
import { Log } from "./log.ts";
import { OWN_SETTINGS } from "./own-settings.ts";
import { probeRoutes } from "./probe.ts";

interface Fixtures {
  environment: Record<string, string>;
  databaseUrl: string;
  database: OpenDatabase;
  log: Log;
  context: Context;
  server: Server;
  client: TestAgent;
}

const contract = Contract.read();

// In one statement, so that their order does not matter; TRUNCATE is slow on the embedded database.
const EMPTY_TABLES = sql.raw(
  `WITH ${Object.values(tables)
    .filter((value) => is(value, PgTable))
    .map(getTableName)
    .map((name) => `"deleted_${name}" AS (DELETE FROM "${name}")`)
    .join(", ")} SELECT 1`,
);

export const test = base.extend<Fixtures>({
  /** Environment variables for the application. */
  environment: {},

  /** The URL of a database with all tables, shared by the tests of a file. */
  databaseUrl: [
    // eslint-disable-next-line no-empty-pattern -- says that it needs nothing
    async ({}, use) => {
      const { url, drop } = await newMigratedDatabase();
      await use(url);
      await drop();
    },
    { scope: "file" },
  ],

  /** That database, open. */
  database: [
    async ({ databaseUrl }, use) => {
      const database = await openDatabase(databaseUrl, silent);
      await use(database);
      await database.close();
    },
    { scope: "file" },
  ],

  /** What the application logs. */
  // eslint-disable-next-line no-empty-pattern
  log: async ({}, use) => {
    await use(new Log());
  },

  /** What the application is made with; all tables are empty. */
  context: async ({ environment, database, log }, use) => {
    await database.db.execute(EMPTY_TABLES);
    const settings = loadSettings({ ...OWN_SETTINGS, LOG_FORMAT: "json", ...environment });
    const stopped = new AbortController();
    await use({
      settings,
      db: database.db,
      log: createLogger(settings, log),
      stopped: stopped.signal,
    });
    stopped.abort();
  },

  /** The running application, with the routes of probe.ts beside its own. */
  server: async ({ context }, use) => {
    const server = await serveProbe(context);
    await use(server);
    server.close();
  },

  /** A client of it. Each answer that it gets is held to the contract. */
  client: async ({ server }, use) => {
    await use(clientOf(server));
  },
});

/** Serves the application with the routes of probe.ts. */
export async function serveProbe(context: Context): Promise<Server> {
  const app = createApp(context, probeRoutes(context));
  return await listen(app, { host: "127.0.0.1", port: 0 });
}

/** Returns a client that holds each answer to the contract. */
export function clientOf(server: Server): TestAgent {
  const client = supertest.agent(server);
  client.use((request: supertest.Test) => {
    request.expect((response) => {
      contract.check(response);
    });
  });
  return client;
}

/** Returns the path of an absolute URL, which clients of a test need. */
export function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
