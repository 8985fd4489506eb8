/** Limits how often somebody may do something. */

import type { Redis } from "ioredis";
import {
  type RateLimiterAbstract,
  RateLimiterMemory,
  RateLimiterRedis,
  RateLimiterRes,
} from "rate-limiter-flexible";

import { ServiceError } from "./errors.ts";

/** Somebody has done something too often. */
export class TooManyRequestsError extends ServiceError {
  constructor(milliseconds: number) {
    const wait = Math.max(1, Math.ceil(milliseconds / 1000));
    const unit = wait === 1 ? "second" : "seconds";
    super(429, `Too many requests. Try again in ${wait} ${unit}.`, {
      headers: { "Retry-After": String(wait) },
    });
  }
}

/** How many in how long; the time begins with the first thing that is counted. */
export interface Limit {
  name: string;
  points: number;
  seconds: number;
}

/**
 * A limit, and what has been counted. The counts are kept in Redis, where all processes see them;
 * without Redis, and while it is down, each process counts for itself.
 */
export class RateLimit {
  private readonly limiter: RateLimiterAbstract;

  constructor({ name, points, seconds }: Limit, redis: Redis | undefined) {
    const options = { keyPrefix: name, points, duration: seconds };
    const memory = new RateLimiterMemory(options);
    this.limiter = redis
      ? new RateLimiterRedis({ ...options, storeClient: redis, insuranceLimiter: memory })
      : memory;
  }

  /**
   * Counts one more.
   *
   * @throws TooManyRequestsError It is one more than the limit.
   */
  async hit(key: string): Promise<void> {
    try {
      await this.limiter.consume(key);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw new TooManyRequestsError(error.msBeforeNext);
      throw error;
    }
  }

  /** Forgets what was counted. */
  async clear(key: string): Promise<void> {
    await this.limiter.delete(key);
  }
}
