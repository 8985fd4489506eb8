/** The migrations, on the database that the tests use. */

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { sql } from "drizzle-orm";
import { generateDrizzleJson, generateMigration } from "drizzle-kit/api";
import { expect, test, vi } from "vitest";

import { type Database, MIGRATIONS, openDatabase } from "../../src/database.ts";
import { migrate, migrationNames, undoMigration } from "../../src/migrations.ts";
import * as tables from "../../src/tables.ts";
import { newDatabase, silent } from "../support/databases.ts";

test("the migrations make what the tables describe", async () => {
  const number = migrationNames().at(-1)?.slice(0, 4) ?? "";
  const file = join(MIGRATIONS, "meta", `${number}_snapshot.json`);
  const newest = JSON.parse(readFileSync(file, "utf8")) as ReturnType<typeof generateDrizzleJson>;
  // What `npm run migration` would write.
  expect(await generateMigration(newest, generateDrizzleJson(tables))).toEqual([]);
});

async function tablesIn(db: Database): Promise<unknown> {
  const answer = await db.execute(
    sql`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'`,
  );
  return (answer as { rows: unknown[] }).rows;
}

test("every migration can be undone", async () => {
  const { url, drop } = await newDatabase();
  const { db, migrate: migrateAll, close } = await openDatabase(url, silent);
  await migrateAll();
  const undone = [];
  for (let name = await undoMigration(db); name; name = await undoMigration(db)) undone.push(name);
  expect(undone).toEqual(migrationNames().toReversed());
  expect(await tablesIn(db)).toEqual([]);
  await migrateAll();
  expect(await tablesIn(db)).not.toEqual([]);
  await close();
  await drop();
});

test("the command migrates the configured database, and goes one step back", async () => {
  const { url, drop } = await newDatabase();
  vi.stubEnv("DATABASE_URL", url);
  const written = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  await migrate([]);
  await migrate(["--undo"]);
  const newest = migrationNames().at(-1) ?? "";
  expect(written.mock.calls).toEqual([
    ["The database has the newest schema.\n"],
    [`Undone: ${newest}.\n`],
  ]);
  await drop();
});

test("a migration that fails says why in one line", async () => {
  vi.stubEnv("DATABASE_URL", "postgresql://nobody:nothing@127.0.0.1:1/none");
  await expect(migrate([])).rejects.toThrow(/^The migration failed: .*ECONNREFUSED/);
});
