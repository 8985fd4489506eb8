/** How comments are stored. */

import { sql } from "drizzle-orm";
import { index, integer, pgTable, text } from "drizzle-orm/pg-core";

import { articles } from "../articles/table.ts";
import { moment } from "../database.ts";
import { users } from "../users/table.ts";

export const comments = pgTable(
  "comments",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    articleId: integer("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    authorId: integer("author_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    body: text().notNull(),
    createdAt: moment("created_at")
      .notNull()
      .default(sql`now()`),
  },
  (table) => [
    index("ix_comments_article_id_id").on(table.articleId, table.id),
    index("ix_comments_author_id").on(table.authorId),
  ],
);
