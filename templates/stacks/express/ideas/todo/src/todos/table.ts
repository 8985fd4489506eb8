/** How todos are stored. */

import { sql } from "drizzle-orm";
import { boolean, index, integer, pgTable, text, uuid, varchar } from "drizzle-orm/pg-core";

import { moment } from "../database.ts";

export const todos = pgTable(
  "todos",
  {
    id: uuid().primaryKey(),
    title: varchar({ length: 200 }).notNull(),
    // The title without differences of case, for the search. The database's own lower() depends on
    // the server's locale.
    searchText: text("search_text").notNull(),
    completed: boolean().notNull(),
    order: integer(),
    createdAt: moment("created_at")
      .notNull()
      .default(sql`now()`),
    updatedAt: moment("updated_at")
      .notNull()
      .default(sql`now()`),
  },
  // The order of the list.
  (table) => [index("ix_todos_order_created_at_id").on(table.order, table.createdAt, table.id)],
);

export type Todo = typeof todos.$inferSelect;
