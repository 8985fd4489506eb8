/** A few routes more: the tests of what all routes share use only these. */

import { sql } from "drizzle-orm";
import { Router } from "express";
import { z } from "zod";

import type { Context } from "../../src/context.ts";
import { otherMethods } from "../../src/middleware.ts";
import { parseBody } from "../../src/requests.ts";
import { apiRoutes } from "../../src/routes.ts";
import { storableText } from "../../src/schemas.ts";

/** A body with one field of each kind. */
const Thing = z.strictObject({
  displayName: storableText(),
  amount: z.int().default(0),
});

/** Returns the application's routes and those below /probe. */
export function probeRoutes(context: Context): Router {
  const router = Router({ strict: true, caseSensitive: true });
  router
    .route("/probe")
    .get((_request, response) => {
      response.json(["found"]);
    })
    .post((request, response) => {
      const thing = parseBody(request, Thing);
      response.json(`${thing.amount} x ${thing.displayName}`);
    })
    .all(otherMethods);
  router.get("/probe/client", (request, response) => {
    response.json({ client: request.ip, protocol: request.protocol });
  });
  router.get("/probe/broken", () => {
    throw new Error("the password is hunter2");
  });
  router.get("/probe/broken-in-the-middle", (_request, response) => {
    response.write("[");
    throw new Error("too late");
  });
  router.get("/probe/database", async (_request, response) => {
    await context.db.execute(sql`SELECT 1`);
    response.json(null);
  });
  router.get("/probe/broken-query", async () => {
    await context.db.execute(sql`SELECT ${"hunter2"} FROM nowhere`);
  });
  router.get("/probe/things/:name", (request, response) => {
    response.json(request.params.name);
  });
  router.use(apiRoutes(context));
  return router;
}
