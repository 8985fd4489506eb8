/** Errors about something that has a name in the API: a field, or a thing such as an article. */

import { ServiceError } from "./errors.ts";

/** The same is wrong with each of the named things. */
export class FieldError extends ServiceError {
  readonly names: string[];

  constructor(
    status: number,
    names: string[],
    message: string,
    headers: Record<string, string> = {},
  ) {
    super(status, message, { headers });
    this.names = names;
  }
}

/** What was asked for does not exist. */
export class UnknownError extends FieldError {
  constructor(name: string) {
    super(404, [name], "not found");
  }
}

/** It belongs to somebody else. */
export class ForbiddenError extends FieldError {
  constructor(name: string) {
    super(403, [name], "forbidden");
  }
}

/** Somebody else has it already. */
export class TakenError extends FieldError {
  constructor(names: string[]) {
    super(409, names, "has already been taken");
  }
}

/** Nobody, or somebody who did not prove who they are. */
export class UnauthenticatedError extends FieldError {
  constructor(name: string, message: string) {
    super(401, [name], message, { "WWW-Authenticate": "Token" });
  }
}
