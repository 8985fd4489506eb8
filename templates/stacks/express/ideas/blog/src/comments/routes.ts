/** The HTTP side of comments. */

import { Router } from "express";

import { currentUser, viewerId } from "../auth/current-user.ts";
import type { Context } from "../context.ts";
import { baseUrl } from "../links.ts";
import { otherMethods } from "../middleware.ts";
import { parseBody } from "../requests.ts";
import { MAX_INT32 } from "../schemas.ts";
import { NewCommentRequest } from "./schemas.ts";
import * as service from "./service.ts";

export function commentRoutes(context: Context): Router {
  const { db, settings } = context;
  const router = Router({ strict: true, caseSensitive: true });

  router
    .route("/articles/:slug/comments")
    .get(async (request, response) => {
      const viewer = await viewerId(request, context);
      response.json({ comments: await service.listComments(db, request.params.slug, viewer) });
    })
    .post(async (request, response) => {
      const user = await currentUser(request, context);
      const { slug } = request.params;
      const body = parseBody(request, NewCommentRequest).comment;
      const comment = await service.createComment(db, slug, body, user.id);
      response
        .status(201)
        .location(`${baseUrl(request, settings)}/api/articles/${slug}/comments/${comment.id}`)
        .json({ comment });
    })
    .all(otherMethods);

  router
    .route("/articles/:slug/comments/:id")
    .delete(async (request, response) => {
      const user = await currentUser(request, context);
      const { slug, id } = request.params;
      await service.deleteComment(db, slug, numberOf(id), user.id);
      response.status(204).end();
    })
    .all(otherMethods);

  return router;
}

/** Returns the number of a comment; what cannot be one is 0, which no comment has. */
function numberOf(text: string): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  return number <= MAX_INT32 ? number : 0;
}
