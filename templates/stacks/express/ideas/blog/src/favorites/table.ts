/** How it is stored what somebody likes. */

import { index, integer, pgTable, primaryKey } from "drizzle-orm/pg-core";

import { articles } from "../articles/table.ts";
import { users } from "../users/table.ts";

/** An article is a favorite of a user. */
export const favorites = pgTable(
  "favorites",
  {
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    articleId: integer("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.articleId] }),
    index("ix_favorites_article_id").on(table.articleId),
  ],
);
