/** The HTTP side of registering and of the user who is logged in. */

import { Router } from "express";

import { currentToken, userOf } from "../auth/current-user.ts";
import { tokenOf } from "../auth/service.ts";
import type { Context } from "../context.ts";
import { baseUrl } from "../links.ts";
import { otherMethods } from "../middleware.ts";
import { parseBody } from "../requests.ts";
import { NewUserRequest, UpdateUserRequest, userBody } from "./schemas.ts";
import * as service from "./service.ts";

export function userRoutes({ db, settings }: Context): Router {
  const router = Router({ strict: true, caseSensitive: true });

  router
    .route("/users")
    .post(async (request, response) => {
      const user = await service.createUser(db, parseBody(request, NewUserRequest).user);
      const profile = `/api/profiles/${encodeURIComponent(user.username)}`;
      response
        .status(201)
        .set("Location", baseUrl(request, settings) + profile)
        .json(userBody(user, await tokenOf(settings, user)));
    })
    .all(otherMethods);

  router
    .route("/user")
    .get(async (request, response) => {
      const token = currentToken(request);
      const user = await userOf(db, settings, token);
      // With the token of the request: reading must not make a session longer.
      response.json(userBody(user, token));
    })
    .put(async (request, response) => {
      const token = currentToken(request);
      const user = await userOf(db, settings, token);
      const changes = parseBody(request, UpdateUserRequest).user;
      const changed = await service.changeUser(db, user, changes);
      const same = changed.tokenVersion === user.tokenVersion;
      response.json(userBody(changed, same ? token : await tokenOf(settings, changed)));
    })
    .all(otherMethods);

  return router;
}
