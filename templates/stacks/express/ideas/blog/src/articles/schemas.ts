/** What clients send. */

import { z } from "zod";

import { lengthOf, MAX_INT32, queryInteger, storableText } from "../schemas.ts";
import { line, required, wrapped, written } from "../texts.ts";

export const MAX_LISTED_TAGS = 1000;

const Title = line(200);
const Description = line(500);
const Body = written(50_000);
const TagList = z
  .array(line(50), required)
  .max(20, "must have at most 20 tags")
  .transform((tags) => Array.from(new Set(tags)));

// Front ends send an article back as they got it, with what only the service decides.
const ignored = {
  slug: z.unknown().optional(),
  createdAt: z.unknown().optional(),
  updatedAt: z.unknown().optional(),
  favorited: z.unknown().optional(),
  favoritesCount: z.unknown().optional(),
  author: z.unknown().optional(),
};

/** An article to publish. */
const NewArticle = z
  .strictObject(
    {
      title: Title,
      description: Description,
      body: Body,
      tagList: TagList.default([]),
      ...ignored,
    },
    required,
  )
  .transform(({ title, description, body, tagList }) => ({ title, description, body, tagList }));
export type NewArticle = z.output<typeof NewArticle>;
export const NewArticleRequest = wrapped("article", NewArticle);

/** The fields of an article to change; the others stay as they are. */
const ArticleChanges = z
  .strictObject(
    {
      title: Title.optional(),
      description: Description.optional(),
      body: Body.optional(),
      tagList: TagList.optional(),
      ...ignored,
    },
    required,
  )
  .transform(({ title, description, body, tagList }) => ({ title, description, body, tagList }));
export type ArticleChanges = z.output<typeof ArticleChanges>;
export const UpdateArticleRequest = wrapped("article", ArticleChanges);

const part = {
  limit: queryInteger(1, 100).default(20),
  offset: queryInteger(0, MAX_INT32).default(0),
};
const filter = storableText()
  .refine((text) => lengthOf(text) <= 50, "must have at most 50 characters")
  .optional();

/** Which part of a list. */
export const FeedQuery = z.object(part);
export type FeedQuery = z.output<typeof FeedQuery>;

/** Which articles, and which part of their list. An empty filter is none. */
export const ArticleQuery = z.object({ ...part, tag: filter, author: filter, favorited: filter });
export type ArticleQuery = z.output<typeof ArticleQuery>;
