/** The database's own refusals: codes from PostgreSQL's appendix "Error Codes". */

import { codeOf } from "./database.ts";

/** Tells whether a value that has to be unique is there already. */
export function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && codeOf(error.cause) === "23505";
}

/** Tells whether a row refers to another one that does not exist. */
export function isForeignKeyViolation(error: unknown): boolean {
  return error instanceof Error && codeOf(error.cause) === "23503";
}
