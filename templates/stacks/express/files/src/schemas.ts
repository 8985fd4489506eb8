/** What the bodies and parameters of all resources have in common. */

import { z } from "zod";

export const MAX_INT32 = 2 ** 31 - 1;

/**
 * Returns a schema for text that can be stored and sent: JSON can say more than PostgreSQL and
 * UTF-8 can hold.
 */
export function storableText(parameters?: Parameters<typeof z.string>[0]) {
  return z
    .string(parameters)
    .refine((text) => !text.includes("\0"), "Must not contain the character U+0000.")
    .refine((text) => text.isWellFormed(), "Must not contain half a surrogate pair.");
}

/** Removes white space at both ends; what that is the contract says, and trim() differs a little. */
export function trimmed(text: string): string {
  const characters = Array.from(text);
  const start = characters.findIndex(isInk);
  return start === -1 ? "" : characters.slice(start, characters.findLastIndex(isInk) + 1).join("");
}

function isInk(character: string): boolean {
  return !/\p{White_Space}/u.test(character) && !(character >= "\x1c" && character <= "\x1f");
}

/** Returns the number of characters as Unicode counts them, which JavaScript does not. */
export function lengthOf(text: string): number {
  return Array.from(text).length;
}

/** A query parameter that is a whole number. */
export function queryInteger(least: number, most: number) {
  const message = `Must be a whole number from ${least} to ${most}.`;
  return z
    .string(message)
    .regex(/^-?[0-9]+$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message);
}
