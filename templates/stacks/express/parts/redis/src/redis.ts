/** A connection to Redis, for what is faster with it and works without it. */

import { Redis } from "ioredis";
import type { Logger } from "pino";
import { z } from "zod";

// No request waits longer than this for an answer, and nobody asks again for so long after a
// failure; both in milliseconds.
const TIMEOUT = 250;
const PAUSE = 1_000;

/** Where Redis is; undefined is nowhere. */
export const redisSettings = {
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, "must begin with redis:// or rediss://")
    .optional(),
};
export type RedisSettings = z.output<z.ZodObject<typeof redisSettings>>;

/**
 * Returns a client that connects by itself, again and again. A command fails at once while there is
 * no connection: whoever asked goes on without it.
 */
export function connectRedis(url: string, log: Logger, stopped: AbortSignal): Redis {
  const client = new Redis(url, {
    connectTimeout: TIMEOUT,
    commandTimeout: TIMEOUT,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => PAUSE,
  });
  client.on("error", (error) => {
    log.warn({ err: error }, "redis unavailable");
  });
  stopped.addEventListener("abort", () => {
    client.disconnect();
  });
  return client;
}
