/** Commenting on articles. */

import { and, desc, eq, type SQL } from "drizzle-orm";

import { findArticle } from "../articles/service.ts";
import { isForeignKeyViolation } from "../constraints.ts";
import type { Database } from "../database.ts";
import { ForbiddenError, UnknownError } from "../field-errors.ts";
import { type Profile, profileColumns } from "../profiles/service.ts";
import { users } from "../users/table.ts";
import type { NewComment } from "./schemas.ts";
import { comments } from "./table.ts";

const MAX_LISTED = 500;

/** A comment as one viewer sees it. */
export interface Comment {
  id: number;
  body: string;
  createdAt: string;
  updatedAt: string;
  author: Profile;
}

/**
 * Returns the newest comments on an article.
 *
 * @throws UnknownError There is no article with this slug.
 */
export async function listComments(
  db: Database,
  slug: string,
  viewerId: number | undefined,
): Promise<Comment[]> {
  const article = await findArticle(db, slug);
  return await views(db, eq(comments.articleId, article.id), viewerId);
}

async function views(db: Database, which: SQL, viewerId: number | undefined): Promise<Comment[]> {
  return await db
    .select({
      id: comments.id,
      body: comments.body,
      createdAt: comments.createdAt,
      // The specification has this field, and no way to change a comment.
      updatedAt: comments.createdAt,
      author: profileColumns(db, viewerId),
    })
    .from(comments)
    .innerJoin(users, eq(users.id, comments.authorId))
    .where(which)
    .orderBy(desc(comments.id))
    .limit(MAX_LISTED);
}

/**
 * Stores a new comment.
 *
 * @throws UnknownError There is no article with this slug.
 */
export async function createComment(
  db: Database,
  slug: string,
  { body }: NewComment,
  authorId: number,
): Promise<Comment> {
  const { id: articleId } = await findArticle(db, slug);
  try {
    return await db.transaction(async (transaction) => {
      const [stored] = await transaction
        .insert(comments)
        .values({ articleId, authorId, body })
        .returning({ id: comments.id });
      // Read before the commit: afterwards somebody could delete it at once.
      const [comment] = stored
        ? await views(transaction, eq(comments.id, stored.id), authorId)
        : [];
      if (!comment) throw new UnknownError("article");
      return comment;
    });
  } catch (error) {
    // The article was deleted a moment ago.
    if (isForeignKeyViolation(error)) throw new UnknownError("article");
    throw error;
  }
}

/**
 * Deletes a comment.
 *
 * @throws UnknownError There is no article with this slug, or no such comment on it.
 * @throws ForbiddenError It belongs to somebody else.
 */
export async function deleteComment(
  db: Database,
  slug: string,
  id: number,
  userId: number,
): Promise<void> {
  const article = await findArticle(db, slug);
  const [comment] = await db
    .select({ authorId: comments.authorId })
    .from(comments)
    .where(and(eq(comments.id, id), eq(comments.articleId, article.id)));
  if (!comment) throw new UnknownError("comment");
  if (comment.authorId !== userId) throw new ForbiddenError("comment");
  const deleted = await db
    .delete(comments)
    .where(eq(comments.id, id))
    .returning({ id: comments.id });
  if (deleted.length === 0) throw new UnknownError("comment");
}
