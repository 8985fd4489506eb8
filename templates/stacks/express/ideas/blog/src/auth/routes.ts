/** The HTTP side of logging in. */

import { Router } from "express";

import type { Context } from "../context.ts";
import { otherMethods } from "../middleware.ts";
import { RateLimit } from "../rate-limits.ts";
import { connectRedis } from "../redis.ts";
import { parseBody } from "../requests.ts";
import { userBody } from "../users/schemas.ts";
import { LoginRequest } from "./schemas.ts";
import * as service from "./service.ts";

export function authRoutes({ db, log, settings, stopped }: Context): Router {
  const router = Router({ strict: true, caseSensitive: true });
  const { REDIS_URL } = settings;
  const redis = REDIS_URL === undefined ? undefined : connectRedis(REDIS_URL, log, stopped);
  const limit = new RateLimit(service.LOGIN_LIMIT, redis);

  router
    .route("/users/login")
    .post(async (request, response) => {
      const credentials = parseBody(request, LoginRequest).user;
      const user = await service.logIn(db, limit, credentials, request.ip ?? "");
      response.json(userBody(user, await service.tokenOf(settings, user)));
    })
    .all(otherMethods);

  return router;
}
