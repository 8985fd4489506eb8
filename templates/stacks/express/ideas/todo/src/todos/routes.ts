/** The HTTP side of todos. */

import { type Request, Router } from "express";

import type { Context } from "../context.ts";
import { parseId } from "../ids.ts";
import { baseUrl, pageLinks } from "../links.ts";
import { otherMethods } from "../middleware.ts";
import { parseBody, parseQuery } from "../requests.ts";
import { NewTodo, todoBody, TodoChanges, TodoQuery } from "./schemas.ts";
import * as service from "./service.ts";

export function todoRoutes({ db, settings }: Context): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const urlOf = (request: Request) => `${baseUrl(request, settings)}/api/v1/todos`;
  const idOf = (request: Request) => parseId(request.params["id"], service.UNKNOWN_ID);

  router
    .route("/todos")
    .get(async (request, response) => {
      const query = parseQuery(request, TodoQuery);
      const { page, total } = await service.listTodos(db, query);
      const url = urlOf(request);
      response
        .set({ "X-Total-Count": String(total), Link: pageLinks(url, request, query, total) })
        .json(page.map((todo) => todoBody(todo, url)));
    })
    .post(async (request, response) => {
      const todo = await service.createTodo(db, parseBody(request, NewTodo));
      const body = todoBody(todo, urlOf(request));
      response.status(201).location(body.url).json(body);
    })
    .delete(async (_request, response) => {
      await service.deleteTodos(db);
      response.status(204).end();
    })
    .all(otherMethods);

  router
    .route("/todos/:id")
    .get(async (request, response) => {
      const todo = await service.getTodo(db, idOf(request));
      response.json(todoBody(todo, urlOf(request)));
    })
    .patch(async (request, response) => {
      const id = idOf(request);
      const todo = await service.changeTodo(db, id, parseBody(request, TodoChanges));
      response.json(todoBody(todo, urlOf(request)));
    })
    .delete(async (request, response) => {
      await service.deleteTodo(db, idOf(request));
      response.status(204).end();
    })
    .all(otherMethods);

  return router;
}
