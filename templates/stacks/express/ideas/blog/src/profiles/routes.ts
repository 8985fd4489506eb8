/** The HTTP side of profiles. */

import { Router } from "express";

import { currentUser, viewerId } from "../auth/current-user.ts";
import type { Context } from "../context.ts";
import { otherMethods } from "../middleware.ts";
import * as service from "./service.ts";

export function profileRoutes(context: Context): Router {
  const { db } = context;
  const router = Router({ strict: true, caseSensitive: true });

  router
    .route("/profiles/:username")
    .get(async (request, response) => {
      const viewer = await viewerId(request, context);
      response.json({ profile: await service.getProfile(db, request.params.username, viewer) });
    })
    .all(otherMethods);

  router
    .route("/profiles/:username/follow")
    .post(async (request, response) => {
      const { id } = await currentUser(request, context);
      response.json({ profile: await service.follow(db, request.params.username, id) });
    })
    .delete(async (request, response) => {
      const { id } = await currentUser(request, context);
      response.json({ profile: await service.unfollow(db, request.params.username, id) });
    })
    .all(otherMethods);

  return router;
}
