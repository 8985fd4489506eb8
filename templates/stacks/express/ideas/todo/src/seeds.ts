/** Todos worth looking at. */

import { readFileSync } from "node:fs";

import { v5 as idFrom } from "uuid";
import { z } from "zod";

import { type Database, openDatabase } from "./database.ts";
import { createLogger } from "./logging.ts";
import { ProgramError } from "./program.ts";
import { loadSettings } from "./settings.ts";
import { NewTodo } from "./todos/schemas.ts";
import { fold } from "./todos/service.ts";
import { todos } from "./todos/table.ts";

const SEED = new URL("../seeds/todos.json", import.meta.url);

/** Reads todos from a JSON file. */
export function readSeed(file = SEED): NewTodo[] {
  return z.array(NewTodo).parse(JSON.parse(readFileSync(file, "utf8")));
}

/**
 * Stores the todos that are not there yet, and returns their number.
 *
 * A todo's id is made from its title, so that running it again adds nothing.
 */
export async function seed(db: Database, news: NewTodo[]): Promise<number> {
  const started = Date.now();
  const rows = news.map((todo, place) => {
    // One after the other, as if somebody had typed them.
    const createdAt = new Date(started + place).toISOString();
    return {
      id: idFrom(todo.title, idFrom.URL),
      ...todo,
      searchText: fold(todo.title),
      createdAt,
      updatedAt: createdAt,
    };
  });
  const added = await db.insert(todos).values(rows).onConflictDoNothing().returning();
  return added.length;
}

/** Fills the database that the settings name. */
export async function seedDatabase(): Promise<void> {
  const settings = loadSettings();
  const { db, close } = await openDatabase(settings.DATABASE_URL, createLogger(settings));
  try {
    process.stdout.write(`Added ${await seed(db, readSeed())} todos.\n`);
  } catch (error) {
    throw new ProgramError("The database has no tables yet: run `npm run migrate` first.", {
      cause: error,
    });
  } finally {
    await close();
  }
}
