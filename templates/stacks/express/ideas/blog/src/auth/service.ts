/** Logging in, and the tokens that it gives. */

import { eq } from "drizzle-orm";

import type { Database } from "../database.ts";
import { UnauthenticatedError } from "../field-errors.ts";
import { verifyPassword } from "../passwords.ts";
import type { RateLimit } from "../rate-limits.ts";
import { issueToken, type TokenSettings } from "../tokens.ts";
import { type User, users } from "../users/table.ts";
import type { Credentials } from "./schemas.ts";

/** Attempts with one account from one address; a login that succeeds starts anew. */
export const LOGIN_LIMIT = { name: "login", points: 10, seconds: 15 * 60 };

/**
 * Returns the user with these credentials.
 *
 * @param limit Where attempts are counted.
 * @param address Where the client is.
 * @throws TooManyRequestsError Too many attempts have failed.
 * @throws UnauthenticatedError Nobody has these credentials.
 */
export async function logIn(
  db: Database,
  limit: RateLimit,
  credentials: Credentials,
  address: string,
): Promise<User> {
  const email = credentials.email.toLowerCase();
  const key = `${email} ${address}`;
  // Counted before the password is looked at, so that guesses at the same time all count.
  await limit.hit(key);
  const [user] = await db.select().from(users).where(eq(users.email, email));
  const correct = await verifyPassword(credentials.password, user?.passwordHash);
  if (!user || !correct) throw new UnauthenticatedError("credentials", "invalid");
  await limit.clear(key);
  return user;
}

/** Returns a new token for a user. */
export async function tokenOf(settings: TokenSettings, user: User): Promise<string> {
  return await issueToken(settings, { sub: String(user.id), ver: user.tokenVersion });
}
