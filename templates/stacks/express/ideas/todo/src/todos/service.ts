/** What can be done with todos. Knows the database and nothing of HTTP. */

import { and, eq, like, type SQL, sql } from "drizzle-orm";
import { v7 as newId } from "uuid";

import type { Database } from "../database.ts";
import { NotFoundError } from "../errors.ts";
import type { NewTodo, TodoChanges, TodoQuery } from "./schemas.ts";
import { type Todo, todos } from "./table.ts";

export const UNKNOWN_ID = "There is no todo with this id.";

/** Returns a text without differences of case or of how accents are encoded. */
export function fold(text: string): string {
  return (
    text
      .normalize("NFD")
      // "ß" becomes "SS" only this way, and a small letter afterwards.
      .toUpperCase()
      .toLowerCase()
      .replaceAll("ς", "σ")
      .normalize("NFC")
  );
}

/** Returns one page of the todos that match a query, and how many match in all. */
export async function listTodos(
  db: Database,
  query: TodoQuery,
): Promise<{ page: Todo[]; total: number }> {
  const matching = conditions(query);
  const offset = (query.page - 1) * query.pageSize;
  const page = await db
    .select()
    .from(todos)
    .where(matching)
    // PostgreSQL puts nulls last.
    .orderBy(todos.order, todos.createdAt, todos.id)
    .limit(query.pageSize)
    .offset(offset);
  const everything = offset === 0 && page.length < query.pageSize;
  return { page, total: everything ? page.length : await db.$count(todos, matching) };
}

function conditions({ completed, q }: TodoQuery): SQL | undefined {
  return and(
    completed === undefined ? undefined : eq(todos.completed, completed),
    q ? like(todos.searchText, `%${fold(q).replace(/[\\%_]/g, "\\$&")}%`) : undefined,
  );
}

/** Stores a new todo. */
export async function createTodo(db: Database, todo: NewTodo): Promise<Todo> {
  // These ids sort as they were made, which decides the order of todos of one moment.
  const values = { id: newId(), ...todo, searchText: fold(todo.title) };
  return found(await db.insert(todos).values(values).returning());
}

/**
 * Returns a todo.
 *
 * @throws NotFoundError There is none with this id.
 */
export async function getTodo(db: Database, id: string): Promise<Todo> {
  return found(await db.select().from(todos).where(eq(todos.id, id)));
}

/**
 * Changes the given fields of a todo and no others.
 *
 * One UPDATE of only these columns: reading, changing and writing back the whole todo would undo
 * what another client changed in between.
 *
 * @throws NotFoundError There is none with this id.
 */
export async function changeTodo(db: Database, id: string, changes: TodoChanges): Promise<Todo> {
  if (Object.keys(changes).length === 0) return await getTodo(db, id);
  const searchText = changes.title === undefined ? undefined : fold(changes.title);
  return found(
    await db
      .update(todos)
      .set({ ...changes, searchText, updatedAt: sql`now()` })
      .where(eq(todos.id, id))
      .returning(),
  );
}

/**
 * Deletes a todo.
 *
 * @throws NotFoundError There is none with this id.
 */
export async function deleteTodo(db: Database, id: string): Promise<void> {
  found(await db.delete(todos).where(eq(todos.id, id)).returning());
}

/** Deletes every todo. */
export async function deleteTodos(db: Database): Promise<void> {
  await db.delete(todos);
}

function found([todo]: Todo[]): Todo {
  if (!todo) throw new NotFoundError(UNKNOWN_ID);
  return todo;
}
