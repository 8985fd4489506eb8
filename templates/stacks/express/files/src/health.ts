/** What orchestrators and load balancers ask. */

import { Router } from "express";

import { type Database, ping } from "./database.ts";
import { otherMethods } from "./middleware.ts";

export function healthRoutes(db: Database): Router {
  const router = Router({ strict: true, caseSensitive: true });

  // Does the process still work? Does not touch the database.
  router
    .route("/health/live")
    .get((_request, response) => {
      response.json({ status: "ok" });
    })
    .all(otherMethods);

  // Can the process serve requests?
  router
    .route("/health/ready")
    .get(async (_request, response) => {
      await ping(db);
      response.json({ status: "ok" });
    })
    .all(otherMethods);

  return router;
}
