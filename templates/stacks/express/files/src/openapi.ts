/** The contract, docs/openapi.yaml, as JSON at /openapi.json. */

import { readFileSync } from "node:fs";

import { Router } from "express";
import { parse } from "yaml";

import { otherMethods } from "./middleware.ts";

export function openapiRoutes(): Router {
  const file = new URL("../docs/openapi.yaml", import.meta.url);
  const document = JSON.stringify(parse(readFileSync(file, "utf8")));
  const router = Router({ strict: true, caseSensitive: true });
  router
    .route("/openapi.json")
    .get((_request, response) => {
      response.type("application/json").send(document);
    })
    .all(otherMethods);
  return router;
}
