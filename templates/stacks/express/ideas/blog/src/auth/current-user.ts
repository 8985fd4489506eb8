/** Who sends a request. */

import { eq } from "drizzle-orm";
import type { Request } from "express";

import type { Context } from "../context.ts";
import type { Database } from "../database.ts";
import { UnauthenticatedError } from "../field-errors.ts";
import { readToken, type TokenSettings } from "../tokens.ts";
import { type User, users } from "../users/table.ts";

/** Returns the token of a request, or undefined without the header. */
function tokenIn(request: Request): string | undefined {
  const header = request.get("authorization");
  if (!header) return undefined;
  const [, token] = /^(?:token|bearer) +(\S+)$/i.exec(header.trim()) ?? [];
  if (token === undefined) throw new UnauthenticatedError("token", "is invalid");
  return token;
}

/**
 * Returns the token of a request.
 *
 * @throws UnauthenticatedError There is none.
 */
export function currentToken(request: Request): string {
  const token = tokenIn(request);
  if (token === undefined) throw new UnauthenticatedError("token", "is missing");
  return token;
}

/**
 * Returns the user to whom a token belongs.
 *
 * @throws UnauthenticatedError It is not one of ours, has expired, or is older than the password.
 */
export async function userOf(db: Database, settings: TokenSettings, token: string): Promise<User> {
  const claims = await readToken(settings, token);
  const [user] = claims
    ? await db
        .select()
        .from(users)
        .where(eq(users.id, Number(claims.sub)))
    : [];
  if (!user || user.tokenVersion !== claims?.ver) {
    throw new UnauthenticatedError("token", "is invalid");
  }
  return user;
}

/**
 * Returns the user of a request.
 *
 * @throws UnauthenticatedError There is no token, or one that is not valid.
 */
export async function currentUser(request: Request, { db, settings }: Context): Promise<User> {
  return await userOf(db, settings, currentToken(request));
}

/**
 * Returns the id of the user of a request, or undefined without a token: for routes that everybody
 * may use, and that answer a little more to those who are logged in.
 *
 * @throws UnauthenticatedError The token is not valid.
 */
export async function viewerId(
  request: Request,
  { db, settings }: Context,
): Promise<number | undefined> {
  const token = tokenIn(request);
  return token === undefined ? undefined : (await userOf(db, settings, token)).id;
}
