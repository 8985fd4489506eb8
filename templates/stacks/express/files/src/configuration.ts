/** What can be configured in every application; settings.ts adds what only this one has. */

import { isIP } from "node:net";
import { z } from "zod";

import { ProgramError } from "./program.ts";

export const DEFAULT_DATABASE_URL = "pglite:data/db";
/** The password of compose.yaml and .env.example; everybody knows it. */
const DEFAULT_PASSWORD = "change-me";

function isDatabaseUrl(text: string): boolean {
  if (text.startsWith("pglite:")) return text.length > "pglite:".length;
  return (
    /^postgres(ql)?:\/\//.test(text) && URL.canParse(text) && new URL(text).pathname.length > 1
  );
}

function isPublicUrl(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { search, hash } = new URL(text);
  return search === "" && hash === "";
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", prefix] = text.split("/");
  const version = isIP(address);
  if (version === 0 || prefix === undefined) return version !== 0;
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

/** A number written in decimal digits. */
export function wholeNumber(least: number, most: number) {
  const message = `must be a whole number from ${least} to ${most}`;
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number)
    .refine((number) => number >= least && number <= most, message);
}

function listOf(isItem: (item: string) => boolean, message: string) {
  return z
    .string()
    .transform((text) => text.split(",").flatMap((item) => item.trim() || []))
    .refine((items) => items.every(isItem), message);
}

function oneOf<const Choice extends string>(...choices: Choice[]) {
  return z.enum(choices, `must be one of ${choices.join(", ")}`);
}

/** Settings of every application. Each key is an environment variable. */
export const commonSettings = {
  ENVIRONMENT: oneOf("development", "production").default("development"),
  DATABASE_URL: z
    .string()
    .refine(isDatabaseUrl, "must be pglite:folder or postgresql://user:password@host:5432/database")
    .default(DEFAULT_DATABASE_URL),
  // Reachable from this machine only; the image listens on every interface.
  HOST: z.string().default("127.0.0.1"),
  PORT: wholeNumber(1, 65_535).default(8000),
  LOG_LEVEL: oneOf("debug", "info", "warning", "error").default("info"),
  LOG_FORMAT: oneOf("console", "json").optional(),
  CORS_ALLOWED_ORIGINS: listOf(
    (item) => item === "*" || /^https?:\/\/[^/?#\s]+$/.test(item),
    "must be origins such as https://app.example.com, separated by commas",
  ).default(["*"]),
  MAX_BODY_BYTES: wholeNumber(1, 2 ** 31 - 1).default(1_048_576),
  PUBLIC_URL: z
    .string()
    .refine(isPublicUrl, "must be an absolute http or https URL without query and fragment")
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  FORWARDED_ALLOW_IPS: listOf(
    (item) => item === "*" || isAddressOrNetwork(item),
    "must be addresses or networks such as 10.0.0.0/8, separated by commas",
  ).default(["127.0.0.1"]),
};

export type CommonSettings = z.output<z.ZodObject<typeof commonSettings>>;

type Environment = Record<string, string | undefined>;

/**
 * What is wrong with settings that are valid one by one: a line that begins with the name of the
 * variable.
 */
export type Rule<Settings> = (settings: Settings, given: Environment) => string | undefined;

const databaseInProduction: Rule<CommonSettings> = ({ ENVIRONMENT, DATABASE_URL }, given) => {
  if (ENVIRONMENT !== "production") return undefined;
  if (given["DATABASE_URL"] === undefined) return "DATABASE_URL: must be set in production";
  if (!DATABASE_URL.startsWith("pglite:") && new URL(DATABASE_URL).password === DEFAULT_PASSWORD) {
    return `DATABASE_URL: '${DEFAULT_PASSWORD}' is the default password; choose another one for production`;
  }
  return undefined;
};

/** The configuration is wrong. The message has a line for each variable, and no values. */
export class ConfigurationError extends ProgramError {
  constructor(lines: string[]) {
    super(lines.map((line) => `Configuration error: ${line}`).join("\n"));
  }
}

/**
 * Checks an environment and returns the settings.
 *
 * @throws ConfigurationError A value is missing or wrong.
 */
export function readSettings<Settings extends CommonSettings>(
  schema: z.ZodType<Settings>,
  environment: Environment,
  ...rules: Rule<Settings>[]
): Settings {
  // An empty variable is one that is not set.
  const given: Environment = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== ""),
  );
  const { data, error } = schema.safeParse(given);
  if (error) {
    throw new ConfigurationError(
      error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`),
    );
  }
  const lines = [databaseInProduction, ...rules].flatMap((rule) => rule(data, given) ?? []);
  if (lines.length > 0) throw new ConfigurationError(lines);
  return data;
}

/** Returns the process's environment, with what a file .env adds to it. */
export function processEnvironment(): Environment {
  try {
    process.loadEnvFile();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
  }
  return process.env;
}

export function isProduction(settings: CommonSettings): boolean {
  return settings.ENVIRONMENT === "production";
}
