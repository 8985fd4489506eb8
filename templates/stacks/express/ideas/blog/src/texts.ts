/** Texts that people write, and what they may hold. */

import { z } from "zod";

import { lengthOf, storableText, trimmed } from "./schemas.ts";

const BLANK = "can't be blank";
// White space of every kind and control characters, for patterns.
export const UNSEEN = String.raw`\p{White_Space}\p{Cc}`;

/** For what has to be there. */
export const required = {
  error: ({ input }: { input?: unknown }) =>
    input === undefined || input === null ? BLANK : undefined,
};

/** A text with at least one character. */
export function filled(most: number) {
  return storableText(required)
    .refine((text) => text !== "", { error: BLANK, abort: true })
    .refine((text) => lengthOf(text) <= most, tooLong(most));
}

/** A text on one line, without white space at its ends. */
export function line(most: number) {
  return storableText(required)
    .transform(trimmed)
    .refine((text) => text !== "", { error: BLANK, abort: true })
    .refine((text) => lengthOf(text) <= most, tooLong(most));
}

/** A text that stays as it was written, and says something. */
export function written(most: number) {
  return storableText(required)
    .refine((text) => trimmed(text) !== "", { error: BLANK, abort: true })
    .refine((text) => lengthOf(text) <= most, tooLong(most));
}

/** A text that may be missing: null and "" are the same. */
export function optionalText(most: number, form = /(?:)/) {
  return storableText()
    .refine((text) => lengthOf(text) <= most, tooLong(most))
    .refine((text) => text === "" || form.test(text), "is invalid")
    .nullable()
    .transform((text) => (text === "" ? null : text));
}

function tooLong(most: number): string {
  return `must have at most ${most} characters`;
}

/** Returns an object in the object with its name that bodies are wrapped in. */
export function wrapped<const Name extends string, Schema extends z.ZodType>(
  name: Name,
  schema: Schema,
) {
  return z.strictObject({ [name]: schema } as Record<Name, Schema>);
}
