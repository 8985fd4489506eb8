/** How it is stored who follows whom. */

import { index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

import { users } from "../users/table.ts";

/** One user follows another. */
export const follows = pgTable(
  "follows",
  {
    followerId: integer("follower_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    followedId: integer("followed_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.followerId, table.followedId] }),
    index("ix_follows_followed_id").on(table.followedId),
  ],
);
