/** Applies and undoes the migrations that drizzle-kit has written. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { sql } from "drizzle-orm";
import { z } from "zod";

import { type Database, MIGRATIONS, openDatabase } from "./database.ts";
import { createLogger } from "./logging.ts";
import { ProgramError } from "./program.ts";
import { loadSettings } from "./settings.ts";

const Journal = z.object({ entries: z.array(z.object({ when: z.number(), tag: z.string() })) });
// Drizzle's own list of what has been applied.
const APPLIED = sql.raw(`"drizzle"."__drizzle_migrations"`);

/** Returns the names of all migrations, oldest first. */
export function migrationNames(): string[] {
  return readJournal().map(({ tag }) => tag);
}

function readJournal() {
  const text = readFileSync(join(MIGRATIONS, "meta", "_journal.json"), "utf8");
  return Journal.parse(JSON.parse(text)).entries;
}

/**
 * Undoes the newest migration with the file `<name>.down.sql` beside it.
 *
 * @returns Its name, or undefined if there is nothing to undo.
 */
export async function undoMigration(db: Database): Promise<string | undefined> {
  return await db.transaction(async (transaction) => {
    const newest = await transaction.execute(
      sql`SELECT max(created_at)::text AS moment FROM ${APPLIED}`,
    );
    const { rows } = z
      .object({ rows: z.array(z.object({ moment: z.string().nullable() })) })
      .parse(newest);
    const applied = readJournal().find(({ when }) => String(when) === rows[0]?.moment);
    if (!applied) return undefined;
    const statements = readFileSync(join(MIGRATIONS, `${applied.tag}.down.sql`), "utf8");
    for (const statement of statements.split("--> statement-breakpoint")) {
      await transaction.execute(sql.raw(statement));
    }
    await transaction.execute(sql`DELETE FROM ${APPLIED} WHERE created_at = ${applied.when}`);
    return applied.tag;
  });
}

/** Brings the database that the settings name to the newest schema; with --undo one step back. */
export async function migrate(options: string[]): Promise<void> {
  const settings = loadSettings();
  const database = await openDatabase(settings.DATABASE_URL, createLogger(settings));
  try {
    if (options.includes("--undo")) {
      const name = await undoMigration(database.db);
      process.stdout.write(name ? `Undone: ${name}.\n` : "There is nothing to undo.\n");
    } else {
      await database.migrate();
      process.stdout.write("The database has the newest schema.\n");
    }
  } catch (error) {
    throw new ProgramError(`The migration failed: ${messageOf(error)}`, { cause: error });
  } finally {
    await database.close();
  }
}

function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
