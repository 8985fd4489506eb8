/** The routes of all resources. */

import { Router } from "express";

import { articleRoutes } from "./articles/routes.ts";
import { authRoutes } from "./auth/routes.ts";
import { commentRoutes } from "./comments/routes.ts";
import type { Context } from "./context.ts";
import { favoriteRoutes } from "./favorites/routes.ts";
import { profileRoutes } from "./profiles/routes.ts";
import { userRoutes } from "./users/routes.ts";

/** Headers that scripts of other origins may send. */
export const ALLOWED_HEADERS = ["Authorization"];
/** Headers that scripts of other origins may read. */
export const EXPOSED_HEADERS = ["Location"];

export function apiRoutes(context: Context): Router {
  const router = Router();
  router.use(
    "/api",
    authRoutes(context),
    userRoutes(context),
    profileRoutes(context),
    articleRoutes(context),
    favoriteRoutes(context),
    commentRoutes(context),
  );
  return router;
}
