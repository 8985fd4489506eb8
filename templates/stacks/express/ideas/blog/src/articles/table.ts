/** How articles are stored. */

import { sql } from "drizzle-orm";
import { index, integer, pgTable, primaryKey, text, varchar } from "drizzle-orm/pg-core";

import { moment } from "../database.ts";
import { users } from "../users/table.ts";

export const articles = pgTable(
  "articles",
  {
    id: integer().primaryKey().generatedAlwaysAsIdentity(),
    authorId: integer("author_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    slug: varchar({ length: 100 }).notNull().unique(),
    title: varchar({ length: 200 }).notNull(),
    description: varchar({ length: 500 }).notNull(),
    body: text().notNull(),
    createdAt: moment("created_at")
      .notNull()
      .default(sql`now()`),
    updatedAt: moment("updated_at")
      .notNull()
      .default(sql`now()`),
  },
  // The order of the lists: of all articles, and of one author's.
  (table) => [
    index("ix_articles_created_at_id").on(table.createdAt, table.id),
    index("ix_articles_author_id_created_at_id").on(table.authorId, table.createdAt, table.id),
  ],
);

export const articleTags = pgTable(
  "article_tags",
  {
    articleId: integer("article_id")
      .notNull()
      .references(() => articles.id, { onDelete: "cascade" }),
    tag: varchar({ length: 50 }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.articleId, table.tag] }),
    index("ix_article_tags_tag").on(table.tag),
  ],
);
