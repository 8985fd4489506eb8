/** The configuration: environment variables, read once and checked at start. */

import { z } from "zod";

import { commonSettings, processEnvironment, readSettings } from "./configuration.ts";
import { redisSettings } from "./redis.ts";
import { ownSecretKey, tokenSettings } from "./tokens.ts";

export const Settings = z.object({ ...commonSettings, ...redisSettings, ...tokenSettings });
export type Settings = z.output<typeof Settings>;

/**
 * Returns the settings of this process.
 *
 * @throws ConfigurationError A value is missing or wrong.
 */
export function loadSettings(environment = processEnvironment()): Settings {
  return readSettings(Settings, environment, ownSecretKey);
}
