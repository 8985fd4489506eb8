/** Registering, and changing oneself. */

import { and, eq, ne, or, sql } from "drizzle-orm";

import { isUniqueViolation } from "../constraints.ts";
import type { Database } from "../database.ts";
import { TakenError } from "../field-errors.ts";
import { hashPassword } from "../passwords.ts";
import type { NewUser, UserChanges } from "./schemas.ts";
import { type User, usernameKey, users } from "./table.ts";

/**
 * Stores a new user.
 *
 * @throws TakenError Somebody has the name or the address.
 */
export async function createUser(db: Database, { password, ...user }: NewUser): Promise<User> {
  const values = {
    ...user,
    usernameKey: usernameKey(user.username),
    passwordHash: await hashPassword(password),
  };
  // The database decides, in one statement: of two requests at the same time one finds the other.
  const [stored] = await db.insert(users).values(values).onConflictDoNothing().returning();
  if (!stored) throw await taken(db, user);
  return stored;
}

/**
 * Changes the given fields of a user and no others.
 *
 * A new password makes every token invalid that was issued before.
 *
 * @throws TakenError Somebody else has the name or the address.
 */
export async function changeUser(
  db: Database,
  user: User,
  { password, ...changes }: UserChanges,
): Promise<User> {
  if (password === undefined && Object.keys(changes).length === 0) return user;
  const values = {
    ...changes,
    ...(changes.username !== undefined && { usernameKey: usernameKey(changes.username) }),
    ...(password !== undefined && {
      passwordHash: await hashPassword(password),
      tokenVersion: sql`${users.tokenVersion} + 1`,
    }),
    updatedAt: sql`now()`,
  };
  try {
    const [changed] = await db.update(users).set(values).where(eq(users.id, user.id)).returning();
    return changed ?? user;
  } catch (error) {
    if (isUniqueViolation(error)) throw await taken(db, changes, user.id);
    throw error;
  }
}

/** Returns an error that names what others have. */
async function taken(
  db: Database,
  { username, email }: { username?: string | undefined; email?: string | undefined },
  butOf?: number,
): Promise<TakenError> {
  const sameName =
    username === undefined ? undefined : eq(users.usernameKey, usernameKey(username));
  const sameEmail = email === undefined ? undefined : eq(users.email, email);
  const others = butOf === undefined ? undefined : ne(users.id, butOf);
  const found = await db
    .select({ name: sameName ?? sql`false`, email: sameEmail ?? sql`false` })
    .from(users)
    .where(and(others, or(sameName, sameEmail)));
  return new TakenError([
    ...(found.some((other) => other.name) ? ["username"] : []),
    ...(found.some((other) => other.email) ? ["email"] : []),
  ]);
}
