/** How users are stored. */

import { sql } from "drizzle-orm";
import { integer, pgTable, text, varchar } from "drizzle-orm/pg-core";

import { moment } from "../database.ts";

export const users = pgTable("users", {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  username: varchar({ length: 50 }).notNull(),
  // The database's own lower() depends on the server's locale.
  usernameKey: text("username_key").notNull().unique(),
  // In lower case. Longer than what is accepted: lower case can have more characters.
  email: text().notNull().unique(),
  passwordHash: varchar("password_hash", { length: 255 }).notNull(),
  // Tokens with another version are invalid; a new password raises it.
  tokenVersion: integer("token_version").notNull().default(1),
  bio: varchar({ length: 2000 }),
  image: varchar({ length: 2000 }),
  createdAt: moment("created_at")
    .notNull()
    .default(sql`now()`),
  updatedAt: moment("updated_at")
    .notNull()
    .default(sql`now()`),
});

export type User = typeof users.$inferSelect;

/** Returns what two names have in common that differ only in case or in how they are encoded. */
export function usernameKey(username: string): string {
  return username.trim().normalize("NFKC").toLowerCase();
}
