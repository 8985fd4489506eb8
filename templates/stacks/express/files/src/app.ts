/** Puts the application together. */

import express, { type Express, type Router } from "express";

import type { Context } from "./context.ts";
import { errorHandler } from "./error-handler.ts";
import { healthRoutes } from "./health.ts";
import { crossOrigin, notFound, requestLog, securityHeaders } from "./middleware.ts";
import { openapiRoutes } from "./openapi.ts";
import { readBody } from "./requests.ts";
import { ALLOWED_HEADERS, apiRoutes, EXPOSED_HEADERS } from "./routes.ts";

export function createApp(context: Context, api: Router = apiRoutes(context)): Express {
  const { settings, db, log } = context;
  const app = express();
  app.set("strict routing", true);
  app.set("case sensitive routing", true);
  // Answers are not kept (no-store), so nobody would come back with a tag.
  app.set("etag", false);
  // The last one counts where a parameter is given twice.
  app.set("query parser", (query: string) => Object.fromEntries(new URLSearchParams(query)));
  app.set(
    "trust proxy",
    settings.FORWARDED_ALLOW_IPS.includes("*") ? true : settings.FORWARDED_ALLOW_IPS,
  );

  app.use(requestLog(log));
  app.use(securityHeaders());
  app.use(
    crossOrigin(settings.CORS_ALLOWED_ORIGINS, {
      allowed: ALLOWED_HEADERS,
      exposed: EXPOSED_HEADERS,
    }),
  );
  app.use(readBody(settings.MAX_BODY_BYTES));
  app.use(healthRoutes(db));
  app.use(openapiRoutes());
  app.use(api);
  app.use(notFound);
  app.use(errorHandler(log));
  return app;
}
