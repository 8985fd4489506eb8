/** Makes two embedded databases, one with all tables: the tests work on copies of them. */

import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { pino } from "pino";
import type { TestProject } from "vitest/node";

import { openDatabase } from "../../src/database.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder for databases, with the templates `empty` and `migrated`. */
    databases: string;
  }
}

export default async function setup(project: TestProject): Promise<() => void> {
  const databases = mkdtempSync(join(tmpdir(), "databases-"));
  const silent = pino({ enabled: false });
  const empty = await openDatabase(`pglite:${databases}/empty`, silent);
  await empty.close();
  cpSync(`${databases}/empty`, `${databases}/migrated`, { recursive: true });
  const migrated = await openDatabase(`pglite:${databases}/migrated`, silent);
  await migrated.migrate();
  await migrated.close();
  project.provide("databases", databases);
  return () => {
    rmSync(databases, { recursive: true });
  };
}
