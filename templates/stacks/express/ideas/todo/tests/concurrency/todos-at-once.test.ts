/** Several clients at the same time. */

import { expect } from "vitest";

import type { todoBody } from "../../src/todos/schemas.ts";
import { pathOf, test } from "../support/application.ts";

const TODOS = "/api/v1/todos";
type Todo = ReturnType<typeof todoBody>;

function times<Result>(count: number, make: (number: number) => Result): Result[] {
  return Array.from({ length: count }, (_, number) => make(number));
}

test("changes to different fields lose nothing", async ({ client }) => {
  const todos = await Promise.all(
    times(10, () => client.post(TODOS).send({ title: "old", completed: false, order: 0 })),
  );
  const changes = [{ title: "new" }, { completed: true }, { order: 1 }];
  await Promise.all(
    todos.flatMap(({ body }) =>
      changes.map((change) => client.patch(pathOf((body as Todo).url)).send(change)),
    ),
  );
  const { body } = await client.get(TODOS);
  expect(body).toHaveLength(10);
  for (const todo of body as Todo[]) {
    expect(todo).toMatchObject({ title: "new", completed: true, order: 1 });
  }
});

test("fifty writers at once all succeed", async ({ client }) => {
  const responses = await Promise.all(
    times(50, (number) => client.post(TODOS).send({ title: `todo ${number}` })),
  );
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([201]));
  expect((await client.get(TODOS)).body).toHaveLength(50);
});

test("readers are served while others write", async ({ client }) => {
  const writes = times(20, () => client.post(TODOS).send({ title: "x" }));
  const reads = times(20, () => client.get(TODOS));
  const responses = await Promise.all([...writes, ...reads]);
  expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200, 201]));
});

test("only one of many deletes finds the todo", async ({ client }) => {
  const { body } = await client.post(TODOS).send({ title: "x" });
  const path = pathOf((body as Todo).url);
  const responses = await Promise.all(times(10, () => client.delete(path)));
  const statuses = responses.map(({ status }) => status).sort();
  expect(statuses).toEqual([204, ...times(9, () => 404)]);
});
