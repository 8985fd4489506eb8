/** Structured logs: one event per line on standard output. */

import { DrizzleQueryError } from "drizzle-orm";
import { destination, type DestinationStream, type Logger, pino, stdSerializers } from "pino";
import { prettyFactory } from "pino-pretty";

import { type CommonSettings, isProduction } from "./configuration.ts";
import { codeOf } from "./database.ts";

/** Returns a logger: JSON for machines, or text for people. */
export function createLogger(
  settings: CommonSettings,
  output: DestinationStream = destination({ sync: true }),
): Logger {
  const options = {
    level: settings.LOG_LEVEL === "warning" ? "warn" : settings.LOG_LEVEL,
    base: null,
    messageKey: "event",
    timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
    serializers: { err: serialize },
    formatters: { level: (label: string) => ({ level: label === "warn" ? "warning" : label }) },
  };
  if (usesJson(settings)) return pino(options, output);
  const textOf = prettyFactory({
    colorize: process.stdout.isTTY,
    messageKey: "event",
    timestampKey: "timestamp",
    customLevels: "error:50,warning:40,info:30,debug:20",
    singleLine: true,
  });
  return pino(options, {
    write: (line) => {
      output.write(textOf(line));
    },
  });
}

/**
 * Returns an error as the log has it. Drizzle and the drivers put the values of a query into their
 * errors; they may be private, and stay out.
 */
function serialize(error: Error): object {
  if (!(error instanceof DrizzleQueryError && error.cause)) return stdSerializers.err(error);
  const { cause, message, query, stack = "" } = error;
  return {
    type: cause.name,
    message: cause.message,
    code: codeOf(cause),
    query,
    stack: stack.replace(message, cause.message),
  };
}

export function usesJson(settings: CommonSettings): boolean {
  return settings.LOG_FORMAT === undefined
    ? isProduction(settings)
    : settings.LOG_FORMAT === "json";
}
