/** Slugs: the names of articles in URLs. */

import { randomInt } from "node:crypto";

import anyAscii from "any-ascii";

// /api/articles/feed is no article.
const RESERVED = ["", "feed"];
const MAX_LENGTH = 80;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const ENDING_LENGTH = 6;

/**
 * Returns the slug that a title would have if it were free.
 *
 * Letters of every alphabet are written in ASCII, as AnyAscii does it on many platforms.
 */
export function slugOf(title: string): string {
  const slug = anyAscii(title)
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "")
    .join("-")
    .slice(0, MAX_LENGTH)
    .replace(/-$/, "");
  return RESERVED.includes(slug) ? withEnding(slug || "article") : slug;
}

/** Returns a slug that nobody else has thought of. */
export function withEnding(slug: string): string {
  const ending = Array.from({ length: ENDING_LENGTH }, () => LETTERS[randomInt(LETTERS.length)]);
  return `${slug}-${ending.join("")}`;
}
