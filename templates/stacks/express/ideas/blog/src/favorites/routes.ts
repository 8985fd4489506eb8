/** The HTTP side of favorites. */

import { Router } from "express";

import { currentUser } from "../auth/current-user.ts";
import type { Context } from "../context.ts";
import { otherMethods } from "../middleware.ts";
import * as service from "./service.ts";

export function favoriteRoutes(context: Context): Router {
  const { db } = context;
  const router = Router({ strict: true, caseSensitive: true });

  router
    .route("/articles/:slug/favorite")
    .post(async (request, response) => {
      const user = await currentUser(request, context);
      response.json({ article: await service.favorite(db, request.params.slug, user.id) });
    })
    .delete(async (request, response) => {
      const user = await currentUser(request, context);
      response.json({ article: await service.unfavorite(db, request.params.slug, user.id) });
    })
    .all(otherMethods);

  return router;
}
