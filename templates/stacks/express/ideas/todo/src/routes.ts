/** The routes of all resources. */

import { Router } from "express";

import type { Context } from "./context.ts";
import { todoRoutes } from "./todos/routes.ts";

/** Headers that scripts of other origins may send. */
export const ALLOWED_HEADERS: string[] = [];
/** Headers that scripts of other origins may read. */
export const EXPOSED_HEADERS = ["Link", "Location", "X-Total-Count"];

export function apiRoutes(context: Context): Router {
  const router = Router();
  router.use("/api/v1", todoRoutes(context));
  return router;
}
