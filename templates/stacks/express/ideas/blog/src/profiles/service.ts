/** Seeing others and following them. */

import { and, eq, exists, type SQL, sql } from "drizzle-orm";

import type { Database } from "../database.ts";
import { UnknownError } from "../field-errors.ts";
import { usernameKey, users } from "../users/table.ts";
import { follows } from "./table.ts";

/** Returns the columns of a user that everybody may see, as one viewer sees them. */
export function profileColumns(db: Database, viewerId: number | undefined) {
  return {
    username: users.username,
    bio: users.bio,
    image: users.image,
    following: isFollowed(db, viewerId),
  };
}

/** A column for queries with users: whether the viewer follows them. */
function isFollowed(db: Database, viewerId: number | undefined): SQL<boolean> {
  if (viewerId === undefined) return sql`false`;
  const follow = and(eq(follows.followerId, viewerId), eq(follows.followedId, users.id));
  return exists(
    db
      .select({ one: sql`1` })
      .from(follows)
      .where(follow),
  ) as SQL<boolean>;
}

export interface Profile {
  username: string;
  bio: string | null;
  image: string | null;
  following: boolean;
}

/**
 * Returns a user as a viewer sees them.
 *
 * @throws UnknownError Nobody has this name.
 */
export async function getProfile(
  db: Database,
  username: string,
  viewerId: number | undefined,
): Promise<Profile> {
  const { id: _, ...profile } = await find(db, username, viewerId);
  return profile;
}

/**
 * Makes a user follow another; it changes nothing when they do already.
 *
 * @throws UnknownError Nobody has this name.
 */
export async function follow(db: Database, username: string, viewerId: number): Promise<Profile> {
  const { id, ...profile } = await find(db, username, viewerId);
  await db.insert(follows).values({ followerId: viewerId, followedId: id }).onConflictDoNothing();
  return { ...profile, following: true };
}

/**
 * Makes a user follow another no longer; it changes nothing when they do not.
 *
 * @throws UnknownError Nobody has this name.
 */
export async function unfollow(db: Database, username: string, viewerId: number): Promise<Profile> {
  const { id, ...profile } = await find(db, username, viewerId);
  await db.delete(follows).where(and(eq(follows.followerId, viewerId), eq(follows.followedId, id)));
  return { ...profile, following: false };
}

async function find(
  db: Database,
  username: string,
  viewerId: number | undefined,
): Promise<Profile & { id: number }> {
  // PostgreSQL takes no text with U+0000, not even to look for it.
  if (username.includes("\0")) throw new UnknownError("profile");
  const [found] = await db
    .select({ id: users.id, ...profileColumns(db, viewerId) })
    .from(users)
    .where(eq(users.usernameKey, usernameKey(username)));
  if (!found) throw new UnknownError("profile");
  return found;
}
