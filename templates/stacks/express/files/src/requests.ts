/** Reading requests: what does not fit its schema is answered, not handled. */

import express, { type Request, type RequestHandler } from "express";
import type { z } from "zod";

import { type InvalidInput, InvalidInputError, ServiceError } from "./errors.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads every body up to a limit, whether its length is declared or not. Compressed bodies are
 * refused: a small one can become very large.
 */
export function readBody(limit: number): RequestHandler {
  return express.raw({ limit, inflate: false, type: () => true });
}

/**
 * Returns a request's JSON body as its schema describes it.
 *
 * @throws ServiceError The body is not JSON.
 * @throws InvalidInputError The body does not fit the schema.
 */
export function parseBody<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): z.output<Schema> {
  return parse(schema, readJson(request), "body");
}

/**
 * Returns a request's query as its schema describes it.
 *
 * @throws InvalidInputError A parameter does not fit the schema.
 */
export function parseQuery<Schema extends z.ZodType>(
  request: Request,
  schema: Schema,
): z.output<Schema> {
  return parse(schema, request.query, "query");
}

function readJson(request: Request): unknown {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body) || body.length === 0) return undefined;
  if (!request.is("application/json")) {
    throw new ServiceError(415, "Send the body as application/json.");
  }
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    throw new ServiceError(400, "The body is not valid JSON.");
  }
}

function parse<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  source: InvalidInput["source"],
): z.output<Schema> {
  const { data, error } = schema.safeParse(value);
  if (error) {
    throw new InvalidInputError(error.issues.flatMap((issue) => invalidInputs(issue, source)));
  }
  return data;
}

function invalidInputs(issue: z.core.$ZodIssue, source: InvalidInput["source"]): InvalidInput[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      source,
      path: [...issue.path, key],
      message: "Unknown field.",
    }));
  }
  return [{ source, path: issue.path, message: issue.message }];
}
