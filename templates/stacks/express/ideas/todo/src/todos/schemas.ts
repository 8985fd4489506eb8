/** What clients send and get. */

import { z } from "zod";

import { lengthOf, MAX_INT32, queryInteger, storableText, trimmed } from "../schemas.ts";
import type { Todo } from "./table.ts";

export const MAX_TITLE = 200;
export const MAX_PAGE_SIZE = 500;

/** A query parameter that says true or false. */
const queryBoolean = z
  .enum(["true", "false"], "Must be true or false.")
  .transform((text) => text === "true");

export const Title = storableText()
  .transform(trimmed)
  .refine(
    (title) => title !== "" && lengthOf(title) <= MAX_TITLE,
    `Must have 1 to ${MAX_TITLE} characters that are not all white space.`,
  );

const Order = z.int32("Must be a whole number with 32 bits.").nullable();

/** A todo to create. */
export const NewTodo = z.strictObject({
  title: Title,
  completed: z.boolean().default(false),
  order: Order.default(null),
});
export type NewTodo = z.output<typeof NewTodo>;

/** The fields of a todo to change; the others stay as they are. */
export const TodoChanges = z.strictObject({
  title: Title.optional(),
  completed: z.boolean().optional(),
  order: Order.optional(),
});
export type TodoChanges = z.output<typeof TodoChanges>;

/** Which todos a list has, and which page of them. */
export const TodoQuery = z.object({
  completed: queryBoolean.optional(),
  q: storableText()
    .refine((text) => lengthOf(text) <= MAX_TITLE, `Must have at most ${MAX_TITLE} characters.`)
    .optional(),
  page: queryInteger(1, MAX_INT32).default(1),
  pageSize: queryInteger(1, MAX_PAGE_SIZE).default(MAX_PAGE_SIZE),
});
export type TodoQuery = z.output<typeof TodoQuery>;

/** Returns a stored todo as clients see it in the collection at a URL. */
export function todoBody(todo: Todo, collectionUrl: string) {
  return {
    id: todo.id,
    title: todo.title,
    completed: todo.completed,
    order: todo.order,
    url: `${collectionUrl}/${todo.id}`,
    createdAt: todo.createdAt,
    updatedAt: todo.updatedAt,
  };
}
