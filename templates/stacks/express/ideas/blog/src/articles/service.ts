/** What can be done with articles. Knows the database and nothing of HTTP. */

import { and, count, desc, eq, exists, inArray, type SQL, sql } from "drizzle-orm";

import { isUniqueViolation } from "../constraints.ts";
import type { Database } from "../database.ts";
import { favorites } from "../favorites/table.ts";
import { ForbiddenError, UnknownError } from "../field-errors.ts";
import { type Profile, profileColumns } from "../profiles/service.ts";
import { follows } from "../profiles/table.ts";
import { usernameKey, users } from "../users/table.ts";
import {
  type ArticleChanges,
  type ArticleQuery,
  type FeedQuery,
  MAX_LISTED_TAGS,
  type NewArticle,
} from "./schemas.ts";
import { slugOf, withEnding } from "./slugs.ts";
import { articles, articleTags } from "./table.ts";

/** An article without its body, as one viewer sees it. */
export interface ArticleSummary {
  slug: string;
  title: string;
  description: string;
  tagList: string[];
  createdAt: string;
  updatedAt: string;
  favorited: boolean;
  favoritesCount: number;
  author: Profile;
}

export type Article = ArticleSummary & { body: string };

/**
 * Returns the columns of an article as a viewer sees it: author, tags, counts and marks come with
 * each article in one query, however many articles there are.
 */
function summaryColumns(db: Database, viewerId: number | undefined) {
  const tags = db
    .select({ tag: articleTags.tag })
    .from(articleTags)
    .where(eq(articleTags.articleId, articles.id))
    // In the order of the code points, whatever the database's locale is.
    .orderBy(sql`${articleTags.tag} COLLATE "C"`);
  return {
    slug: articles.slug,
    title: articles.title,
    description: articles.description,
    tagList: sql<string[]>`ARRAY(${tags})`,
    createdAt: articles.createdAt,
    updatedAt: articles.updatedAt,
    favorited: isFavorite(db, viewerId),
    favoritesCount: db.$count(favorites, eq(favorites.articleId, articles.id)),
    author: profileColumns(db, viewerId),
  };
}

function isFavorite(db: Database, viewerId: number | undefined): SQL<boolean> {
  if (viewerId === undefined) return sql`false`;
  const mark = and(eq(favorites.articleId, articles.id), eq(favorites.userId, viewerId));
  return exists(
    db
      .select({ one: sql`1` })
      .from(favorites)
      .where(mark),
  ) as SQL<boolean>;
}

export interface Articles {
  articles: ArticleSummary[];
  articlesCount: number;
}

/** Returns a part of the articles that match a query, newest first, and how many match in all. */
export async function listArticles(
  db: Database,
  query: ArticleQuery,
  viewerId: number | undefined,
): Promise<Articles> {
  return await list(db, conditions(db, query), query, viewerId);
}

/** Returns a part of the articles of those whom the viewer follows, and how many there are. */
export async function getFeed(db: Database, query: FeedQuery, viewerId: number): Promise<Articles> {
  const followed = db
    .select({ id: follows.followedId })
    .from(follows)
    .where(eq(follows.followerId, viewerId));
  return await list(db, inArray(articles.authorId, followed), query, viewerId);
}

function conditions(db: Database, { tag, author, favorited }: ArticleQuery): SQL | undefined {
  const idOf = (name: string) =>
    db
      .select({ id: users.id })
      .from(users)
      .where(eq(users.usernameKey, usernameKey(name)));
  const tagged = (name: string) =>
    db.select({ id: articleTags.articleId }).from(articleTags).where(eq(articleTags.tag, name));
  const favoritesOf = (name: string) =>
    db
      .select({ id: favorites.articleId })
      .from(favorites)
      .where(inArray(favorites.userId, idOf(name)));
  return and(
    tag ? inArray(articles.id, tagged(tag)) : undefined,
    author ? inArray(articles.authorId, idOf(author)) : undefined,
    favorited ? inArray(articles.id, favoritesOf(favorited)) : undefined,
  );
}

async function list(
  db: Database,
  matching: SQL | undefined,
  { limit, offset }: FeedQuery,
  viewerId: number | undefined,
): Promise<Articles> {
  const page = await db
    .select(summaryColumns(db, viewerId))
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(matching)
    .orderBy(desc(articles.createdAt), desc(articles.id))
    .limit(limit)
    .offset(offset);
  const everything = offset === 0 && page.length < limit;
  return {
    articles: page,
    articlesCount: everything ? page.length : await db.$count(articles, matching),
  };
}

/**
 * Returns an article.
 *
 * @throws UnknownError There is none with this slug.
 */
export async function getArticle(
  db: Database,
  slug: string,
  viewerId: number | undefined,
): Promise<Article> {
  return await view(db, hasSlug(slug), viewerId);
}

async function view(db: Database, which: SQL, viewerId: number | undefined): Promise<Article> {
  const [article] = await db
    .select({ ...summaryColumns(db, viewerId), body: articles.body })
    .from(articles)
    .innerJoin(users, eq(users.id, articles.authorId))
    .where(which);
  if (!article) throw new UnknownError("article");
  return article;
}

function hasSlug(slug: string): SQL {
  // PostgreSQL takes no text with U+0000, not even to look for it.
  return slug.includes("\0") ? sql`false` : eq(articles.slug, slug);
}

/**
 * Returns the parts of an article that everybody may know and that only the service needs.
 *
 * @throws UnknownError There is none with this slug.
 */
export async function findArticle(
  db: Database,
  slug: string,
): Promise<{ id: number; authorId: number; title: string; body: string }> {
  const { id, authorId, title, body } = articles;
  const [found] = await db
    .select({ id, authorId, title, body })
    .from(articles)
    .where(hasSlug(slug));
  if (!found) throw new UnknownError("article");
  return found;
}

/** Stores a new article. */
export async function createArticle(
  db: Database,
  { tagList, ...article }: NewArticle,
  authorId: number,
): Promise<Article> {
  return await db.transaction(async (transaction) => {
    let slug = slugOf(article.title);
    for (;;) {
      const [stored] = await transaction
        .insert(articles)
        .values({ ...article, slug, authorId })
        .onConflictDoNothing()
        .returning({ id: articles.id });
      if (stored) {
        await addTags(transaction, stored.id, tagList);
        // Read before the commit: afterwards somebody could delete it at once.
        return await view(transaction, eq(articles.id, stored.id), authorId);
      }
      slug = withEnding(slugOf(article.title));
    }
  });
}

/**
 * Changes the given fields of an article and no others.
 *
 * @throws UnknownError There is none with this slug.
 * @throws ForbiddenError It belongs to somebody else.
 */
export async function changeArticle(
  db: Database,
  slug: string,
  changes: ArticleChanges,
  userId: number,
): Promise<Article> {
  const { id, title } = await ownArticle(db, slug, userId);
  const isRenamed = changes.title !== undefined && changes.title !== title;
  const newSlug = isRenamed ? slugOf(changes.title ?? "") : undefined;
  if (Object.values(changes).some((value) => value !== undefined)) {
    try {
      await update(db, id, changes, newSlug);
    } catch (error) {
      if (newSlug === undefined || !isUniqueViolation(error)) throw error;
      // Another article has the slug.
      await update(db, id, changes, withEnding(newSlug));
    }
  }
  return await view(db, eq(articles.id, id), userId);
}

async function update(
  db: Database,
  id: number,
  { tagList, ...changes }: ArticleChanges,
  slug: string | undefined,
): Promise<void> {
  await db.transaction(async (transaction) => {
    // First of all, because it locks the article: of two who change its tags, one waits here.
    const changed = await transaction
      .update(articles)
      .set({ ...changes, slug, updatedAt: sql`now()` })
      .where(eq(articles.id, id))
      .returning({ id: articles.id });
    if (changed.length === 0) throw new UnknownError("article");
    if (tagList) {
      await transaction.delete(articleTags).where(eq(articleTags.articleId, id));
      await addTags(transaction, id, tagList);
    }
  });
}

async function addTags(db: Database, articleId: number, tags: string[]): Promise<void> {
  if (tags.length > 0) {
    await db.insert(articleTags).values(tags.map((tag) => ({ articleId, tag })));
  }
}

/**
 * Deletes an article; the database deletes its comments, tags and marks.
 *
 * @throws UnknownError There is none with this slug.
 * @throws ForbiddenError It belongs to somebody else.
 */
export async function deleteArticle(db: Database, slug: string, userId: number): Promise<void> {
  const { id } = await ownArticle(db, slug, userId);
  const deleted = await db
    .delete(articles)
    .where(eq(articles.id, id))
    .returning({ id: articles.id });
  if (deleted.length === 0) throw new UnknownError("article");
}

async function ownArticle(
  db: Database,
  slug: string,
  userId: number,
): Promise<{ id: number; title: string }> {
  const article = await findArticle(db, slug);
  if (article.authorId !== userId) throw new ForbiddenError("article");
  return article;
}

/** Returns the tags with the most articles, in alphabetical order. */
export async function listTags(db: Database): Promise<string[]> {
  const most = db
    .select({ tag: articleTags.tag })
    .from(articleTags)
    .groupBy(articleTags.tag)
    .orderBy(desc(count()), articleTags.tag)
    .limit(MAX_LISTED_TAGS)
    .as("most");
  const rows = await db
    .select()
    .from(most)
    .orderBy(sql`${most.tag} COLLATE "C"`);
  return rows.map(({ tag }) => tag);
}
