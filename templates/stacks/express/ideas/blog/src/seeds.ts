/** Users and articles worth looking at. */

import { readFileSync } from "node:fs";

import { inArray } from "drizzle-orm";
import { z } from "zod";

import { articles, articleTags } from "./articles/table.ts";
import { comments } from "./comments/table.ts";
import { isProduction } from "./configuration.ts";
import { type Database, openDatabase } from "./database.ts";
import { favorites } from "./favorites/table.ts";
import { createLogger } from "./logging.ts";
import { hashPassword } from "./passwords.ts";
import { follows } from "./profiles/table.ts";
import { ProgramError } from "./program.ts";
import { loadSettings } from "./settings.ts";
import { usernameKey, users } from "./users/table.ts";

const SEED = new URL("../seeds/blog.json", import.meta.url);

const SeededArticle = z.strictObject({
  slug: z.string(),
  author: z.string(),
  title: z.string(),
  description: z.string(),
  // Line by line.
  body: z.array(z.string()),
  tagList: z.array(z.string()),
  createdAt: z.string(),
  favoritedBy: z.array(z.string()),
  comments: z.array(
    z.strictObject({ author: z.string(), body: z.string(), createdAt: z.string() }),
  ),
});
type SeededArticle = z.output<typeof SeededArticle>;

/** What the file holds: users with one password, and all that they have done. */
const Seed = z.strictObject({
  password: z.string(),
  users: z.array(
    z.strictObject({
      username: z.string(),
      email: z.string(),
      bio: z.string().nullable(),
      image: z.string().nullable(),
    }),
  ),
  follows: z.array(z.strictObject({ follower: z.string(), followed: z.string() })),
  articles: z.array(SeededArticle),
});
type Seed = z.output<typeof Seed>;

/** Reads users and articles from a JSON file. */
export function readSeed(file = SEED): Seed {
  return Seed.parse(JSON.parse(readFileSync(file, "utf8")));
}

/**
 * Stores the users and articles that are not there yet, and returns the number of articles.
 *
 * Users are known by their names and articles by their slugs, so that running it again adds
 * nothing; what people have changed stays as it is.
 */
export async function seed(db: Database, content: Seed): Promise<number> {
  const passwordHash = await hashPassword(content.password);
  return await db.transaction(async (transaction) => {
    const ids = await addUsers(transaction, content, passwordHash);
    let added = 0;
    for (const article of content.articles) {
      if (await addArticle(transaction, article, ids)) added += 1;
    }
    return added;
  });
}

/** Ids of users by name. A name that is missing is one whose address somebody else has. */
type Ids = Map<string, number>;

/** Adds the users and whom the new ones follow; returns the ids of all of them. */
async function addUsers(db: Database, content: Seed, passwordHash: string): Promise<Ids> {
  const names = new Map(content.users.map(({ username }) => [usernameKey(username), username]));
  const added = await db
    .insert(users)
    .values(
      content.users.map((user) => ({
        ...user,
        usernameKey: usernameKey(user.username),
        passwordHash,
      })),
    )
    .onConflictDoNothing()
    .returning({ username: users.username });
  const rows = await db
    .select({ id: users.id, key: users.usernameKey })
    .from(users)
    .where(inArray(users.usernameKey, Array.from(names.keys())));
  const ids: Ids = new Map(rows.map(({ id, key }) => [names.get(key) ?? key, id]));
  const isNew = new Set(added.map(({ username }) => username));
  await addAll(
    content.follows.flatMap(({ follower, followed }) => {
      const [followerId, followedId] = [ids.get(follower), ids.get(followed)];
      return isNew.has(follower) && followerId && followedId ? { followerId, followedId } : [];
    }),
    (rows) => db.insert(follows).values(rows),
  );
  return ids;
}

/** Adds an article with all that belongs to it; tells whether it was not there yet. */
async function addArticle(db: Database, article: SeededArticle, ids: Ids): Promise<boolean> {
  const authorId = ids.get(article.author);
  if (!authorId) return false;
  const { slug, title, description, createdAt } = article;
  const body = `${article.body.join("\n")}\n`;
  const [stored] = await db
    .insert(articles)
    .values({ authorId, slug, title, description, body, createdAt, updatedAt: createdAt })
    .onConflictDoNothing()
    .returning({ articleId: articles.id });
  if (!stored) return false;
  await addAll(
    article.tagList.map((tag) => ({ ...stored, tag })),
    (rows) => db.insert(articleTags).values(rows),
  );
  await addAll(
    article.favoritedBy
      .flatMap((name) => ids.get(name) ?? [])
      .map((userId) => ({ ...stored, userId })),
    (rows) => db.insert(favorites).values(rows),
  );
  await addAll(
    article.comments.flatMap(({ author, ...comment }) => {
      const id = ids.get(author);
      return id ? { ...stored, ...comment, authorId: id } : [];
    }),
    (rows) => db.insert(comments).values(rows),
  );
  return true;
}

async function addAll<Row>(rows: Row[], add: (rows: Row[]) => Promise<unknown>): Promise<void> {
  if (rows.length > 0) await add(rows);
}

/** Fills the database that the settings name. */
export async function seedDatabase(): Promise<void> {
  const settings = loadSettings();
  if (isProduction(settings)) {
    throw new ProgramError("The users of the examples have a password that everybody can read.");
  }
  const { db, close } = await openDatabase(settings.DATABASE_URL, createLogger(settings));
  try {
    process.stdout.write(`Added ${await seed(db, readSeed())} articles.\n`);
  } catch (error) {
    throw new ProgramError("The database has no tables yet: run `npm run migrate` first.", {
      cause: error,
    });
  } finally {
    await close();
  }
}
