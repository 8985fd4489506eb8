/** Marking articles. */

import { and, eq } from "drizzle-orm";

import { type Article, findArticle, getArticle } from "../articles/service.ts";
import { isForeignKeyViolation } from "../constraints.ts";
import type { Database } from "../database.ts";
import { UnknownError } from "../field-errors.ts";
import { favorites } from "./table.ts";

/**
 * Makes an article a favorite; it changes nothing when it is one already.
 *
 * @throws UnknownError There is no article with this slug.
 */
export async function favorite(db: Database, slug: string, userId: number): Promise<Article> {
  const { id } = await findArticle(db, slug);
  try {
    await db.insert(favorites).values({ userId, articleId: id }).onConflictDoNothing();
  } catch (error) {
    // It was deleted a moment ago.
    if (isForeignKeyViolation(error)) throw new UnknownError("article");
    throw error;
  }
  return await getArticle(db, slug, userId);
}

/**
 * Takes the mark away; it changes nothing when there is none.
 *
 * @throws UnknownError There is no article with this slug.
 */
export async function unfavorite(db: Database, slug: string, userId: number): Promise<Article> {
  const { id } = await findArticle(db, slug);
  await db.delete(favorites).where(and(eq(favorites.userId, userId), eq(favorites.articleId, id)));
  return await getArticle(db, slug, userId);
}
