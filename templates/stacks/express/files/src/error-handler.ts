/** Turns errors into answers, all in one place. */

import type { ErrorRequestHandler, Response } from "express";
import type { Logger } from "pino";

import { isUnavailable } from "./database.ts";
import { bodyOf, MEDIA_TYPE } from "./error-body.ts";
import { DatabaseUnavailableError, NotFoundError, ServiceError } from "./errors.ts";

/** Answers every error; what nobody expected goes to the log and not to the client. */
export function errorHandler(log: Logger): ErrorRequestHandler {
  return (error: unknown, _request, response, next) => {
    const known = asServiceError(error);
    const request_id = response.get("X-Request-Id");
    if (known && known.status >= 500) log.warn({ request_id, err: known.cause }, known.message);
    if (!known) log.error({ request_id, err: error }, "unhandled error");
    if (response.headersSent) {
      // Too late for another answer: Express ends the connection.
      next(error);
    } else {
      sendError(response, known ?? new ServiceError(500, "Something went wrong on our side."));
    }
  };
}

function sendError(response: Response, error: ServiceError): void {
  response.status(error.status).set(error.headers).type(MEDIA_TYPE).json(bodyOf(error));
}

function asServiceError(error: unknown): ServiceError | undefined {
  if (error instanceof ServiceError) return error;
  if (isUnavailable(error)) return new DatabaseUnavailableError({ cause: error });
  // The router could not decode a parameter of the path: it belongs to nothing.
  if (error instanceof URIError) return new NotFoundError();
  return asBodyError(error);
}

/** What Express refuses while it reads a body. */
function asBodyError(error: unknown): ServiceError | undefined {
  if (!(error instanceof Error && "type" in error)) return undefined;
  switch (error.type) {
    case "entity.too.large":
      return new ServiceError(413, `The body may have at most ${limitOf(error)} bytes.`);
    case "encoding.unsupported":
      return new ServiceError(415, "Send the body without Content-Encoding.");
    case "request.aborted":
    case "request.size.invalid":
      return new ServiceError(400, "The body is not complete.");
    default:
      return undefined;
  }
}

function limitOf(error: Error): string {
  return "limit" in error ? String(error.limit) : "some";
}
