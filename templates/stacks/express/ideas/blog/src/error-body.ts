/** The bodies of errors, in the form of RealWorld: `{"errors": {"title": ["can't be blank"]}}`. */

import { type InvalidInput, InvalidInputError, type ServiceError } from "./errors.ts";
import { FieldError } from "./field-errors.ts";

export const MEDIA_TYPE = "application/json";

// What an error is about when it is not about a field or a thing with a name.
const NAMES: Record<number, string> = {
  400: "request",
  404: "path",
  405: "method",
  413: "request",
  415: "request",
  429: "credentials",
  503: "database",
};
// The objects that bodies are wrapped in.
const WRAPPERS = ["article", "comment", "user"];

/** Returns the body of the answer to an error. */
export function bodyOf(error: ServiceError): { errors: Record<string, string[]> } {
  if (error instanceof InvalidInputError) return { errors: invalid(error.inputs) };
  const names = error instanceof FieldError ? error.names : [NAMES[error.status] ?? "server"];
  return { errors: Object.fromEntries(names.map((name) => [name, [error.message]])) };
}

function invalid(inputs: InvalidInput[]): Record<string, string[]> {
  const messages = new Map<string, Set<string>>();
  for (const { path, message } of inputs) {
    const name = nameOf(path);
    const own = messages.get(name) ?? new Set();
    messages.set(name, own.add(message === "Unknown field." ? "is unknown" : message));
  }
  return Object.fromEntries(
    Array.from(messages, ([name, texts]) => [name, Array.from(texts)] as const),
  );
}

/** Returns the field's own name: neither the wrapper's nor the place in a list. */
function nameOf(path: PropertyKey[]): string {
  const [first, second] = path.filter((part) => typeof part === "string");
  if (first === undefined) return "request";
  const name = second !== undefined && WRAPPERS.includes(first) ? second : first;
  // Names come from the client: they may hold half a surrogate pair, which UTF-8 cannot express.
  return name.toWellFormed();
}
