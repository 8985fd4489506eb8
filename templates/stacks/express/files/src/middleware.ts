/** What happens to every request and every answer, whatever the route. */

import { randomUUID } from "node:crypto";

import cors from "cors";
import type { Request, RequestHandler } from "express";
import helmet from "helmet";
import type { Logger } from "pino";

import { NotFoundError, ServiceError } from "./errors.ts";

/** Gives each request an id, puts it on the answer, and logs one line. */
export function requestLog(log: Logger): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    const requestId = requestIdOf(request);
    const entry = {
      request_id: requestId,
      method: request.method,
      // Without the query, which may hold what people searched for.
      path: request.path,
      client: request.ip,
    };
    response.set("X-Request-Id", requestId);
    response.once("close", () => {
      const status = response.headersSent ? response.statusCode : null;
      const duration = Math.round((performance.now() - started) * 10) / 10;
      log.info({ ...entry, status, duration_ms: duration }, "request");
    });
    next();
  };
}

function requestIdOf(request: Request): string {
  const given = request.get("x-request-id") ?? "";
  return /^[A-Za-z0-9._-]{1,64}$/.test(given) ? given : randomUUID();
}

/** Answers are data: a browser that shows one must not run, load, embed or keep anything. */
export function securityHeaders(): RequestHandler[] {
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
    },
    // Which pages may read answers is what CORS says.
    crossOriginResourcePolicy: { policy: "cross-origin" },
    frameguard: { action: "deny" },
    // The proxy knows whether the connection is encrypted, and sends this one.
    strictTransportSecurity: false,
  });
  return [
    headers,
    (_request, response, next) => {
      // No cache between us and the client keeps an answer; a route may say otherwise.
      response.set("Cache-Control", "no-store");
      next();
    },
  ];
}

/** Lets pages of the given origins call the application. */
export function crossOrigin(
  origins: string[],
  headers: { allowed: string[]; exposed: string[] },
): RequestHandler {
  return cors({
    origin: origins.includes("*") ? "*" : origins,
    methods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
    allowedHeaders: ["Content-Type", "X-Request-Id", ...headers.allowed],
    exposedHeaders: ["Retry-After", "X-Request-Id", ...headers.exposed],
    // The route's own answer to OPTIONS follows.
    preflightContinue: true,
  });
}

/** The last handler of a route: tells which methods it has, and refuses all others. */
export const otherMethods: RequestHandler = (request, response) => {
  const { methods } = request.route as { methods: Record<string, boolean> };
  const allow = Object.keys(methods)
    .filter((method) => method !== "_all")
    .flatMap((method) => (method === "get" ? ["GET", "HEAD"] : method.toUpperCase()));
  response.set("Allow", [...allow, "OPTIONS"].join(", "));
  if (request.method !== "OPTIONS") {
    throw new ServiceError(405, `This address does not support ${request.method}.`);
  }
  response.status(204).end();
};

/** Answers what no route has taken. */
export const notFound: RequestHandler = () => {
  throw new NotFoundError();
};
