/**
 * What a client has to be told when something goes wrong.
 *
 * Code throws these errors and knows nothing of answers: error-handler.ts answers them, and
 * error-body.ts says what the answer's body looks like.
 */

/** An error that is answered as it is: the message is shown to the client. */
export class ServiceError extends Error {
  readonly status: number;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    options: ErrorOptions & { headers?: Record<string, string> } = {},
  ) {
    super(message, options);
    this.status = status;
    this.headers = options.headers ?? {};
  }
}

/** What was asked for does not exist, or not for this client. */
export class NotFoundError extends ServiceError {
  constructor(message = "There is nothing at this address.") {
    super(404, message);
  }
}

/** One value of a request that is not valid. */
export interface InvalidInput {
  source: "body" | "query";
  /** The names and indexes that lead to it; none for the whole body. */
  path: PropertyKey[];
  message: string;
}

/** Values of a request are not valid. */
export class InvalidInputError extends ServiceError {
  readonly inputs: InvalidInput[];

  constructor(inputs: InvalidInput[]) {
    super(422, "The request is not valid.");
    this.inputs = inputs;
  }
}

/** The database cannot be reached or does not answer in time. */
export class DatabaseUnavailableError extends ServiceError {
  constructor(options?: ErrorOptions) {
    super(503, "The database does not answer. Try again later.", {
      ...options,
      headers: { "Retry-After": "5" },
    });
  }
}
