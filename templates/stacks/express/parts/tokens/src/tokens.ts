/** Access tokens: JSON Web Tokens that the application signs itself. */

import { jwtVerify, SignJWT } from "jose";
import { z } from "zod";

import { type CommonSettings, isProduction, type Rule, wholeNumber } from "./configuration.ts";

const ALGORITHM = "HS256";
/** The default of .env.example; everybody knows it. */
const DEFAULT_SECRET_KEY = "change-me-change-me-change-me-change-me";
// RFC 7518, section 3.2: a key of the size of the hash or larger.
const MIN_SECRET_BYTES = 32;

/** How tokens are signed and how long they are valid. */
export const tokenSettings = {
  SECRET_KEY: z
    .string()
    .refine(
      (key) => Buffer.byteLength(key) >= MIN_SECRET_BYTES,
      `must have at least ${MIN_SECRET_BYTES} bytes`,
    )
    .default(DEFAULT_SECRET_KEY),
  ACCESS_TOKEN_SECONDS: wholeNumber(1, 31_536_000).default(3600),
};
export type TokenSettings = z.output<z.ZodObject<typeof tokenSettings>>;

/** Production must not run with the key that everybody knows. */
export const ownSecretKey: Rule<CommonSettings & TokenSettings> = (settings) =>
  isProduction(settings) && settings.SECRET_KEY === DEFAULT_SECRET_KEY
    ? "SECRET_KEY: must be set in production"
    : undefined;

/** What a token of ours says. */
const Claims = z.object({
  /** Whose token it is. */
  sub: z.string(),
  /**
   * The version of their credentials: a changed password makes a new one, and a token with another
   * version does not count any more. Whoever reads the token compares.
   */
  ver: z.int(),
});
export type Claims = z.output<typeof Claims>;

/** Returns a signed token. */
export async function issueToken(settings: TokenSettings, { sub, ver }: Claims): Promise<string> {
  return await new SignJWT({ ver })
    .setProtectedHeader({ alg: ALGORITHM })
    .setSubject(sub)
    .setJti(crypto.randomUUID())
    .setIssuedAt()
    .setExpirationTime(`${settings.ACCESS_TOKEN_SECONDS}s`)
    .sign(keyOf(settings));
}

/** Checks a token and returns what it says, or undefined if it is not ours or has expired. */
export async function readToken(
  settings: TokenSettings,
  token: string,
): Promise<Claims | undefined> {
  try {
    const { payload } = await jwtVerify(token, keyOf(settings), {
      algorithms: [ALGORITHM],
      requiredClaims: ["sub", "ver", "jti", "iat", "exp"],
    });
    return Claims.parse(payload);
  } catch {
    return undefined;
  }
}

function keyOf(settings: TokenSettings): Uint8Array {
  return new TextEncoder().encode(settings.SECRET_KEY);
}
