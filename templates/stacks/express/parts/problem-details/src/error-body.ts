/** Errors as clients see them: problem details as RFC 9457 describes them. */

import { STATUS_CODES } from "node:http";

import { type InvalidInput, InvalidInputError, type ServiceError } from "./errors.ts";

export const MEDIA_TYPE = "application/problem+json";
// RFC 9110 has renamed these.
const TITLES: Record<number, string> = { 413: "Content Too Large", 422: "Unprocessable Content" };

/** Returns the body of the answer to an error. */
export function bodyOf(error: ServiceError) {
  return {
    type: "about:blank",
    title: TITLES[error.status] ?? STATUS_CODES[error.status] ?? "Error",
    status: error.status,
    detail: error.message,
    ...(error instanceof InvalidInputError && { errors: error.inputs.map(invalidValue) }),
  };
}

function invalidValue({ source, path, message }: InvalidInput) {
  return source === "query"
    ? { parameter: String(path[0]), detail: message }
    : { pointer: jsonPointer(path), detail: message };
}

/** Returns a JSON Pointer (RFC 6901) as a URI fragment: ["a/b", 0] is "#/a~1b/0". */
export function jsonPointer(path: PropertyKey[]): string {
  const tokens = path.map((part) => String(part).replaceAll("~", "~0").replaceAll("/", "~1"));
  // Names come from the client: they may hold half a surrogate pair, which UTF-8 cannot express.
  return `#${tokens.map((token) => `/${encodeURIComponent(token.toWellFormed())}`).join("")}`;
}
