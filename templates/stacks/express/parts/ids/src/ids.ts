/** Ids in paths. */

import { z } from "zod";

import { NotFoundError } from "./errors.ts";

/**
 * Returns an id from a path.
 *
 * @throws NotFoundError It is no UUID, so it belongs to nothing.
 */
export function parseId(text: string | string[] | undefined, message?: string): string {
  const { data } = z.guid().safeParse(text);
  if (data === undefined) throw new NotFoundError(message);
  return data;
}
