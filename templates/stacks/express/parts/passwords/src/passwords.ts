/** Passwords are stored as Argon2id hashes. */

import { hash, type Options, verify } from "@node-rs/argon2";

/** The least that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, two passes, one lane. */
export const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let hashOfNobody: Promise<string> | undefined;

/** Returns the hash of a password, with its salt and parameters. */
export async function hashPassword(password: string): Promise<string> {
  return await hash(password, COST);
}

/**
 * Tells whether a password has this hash.
 *
 * Without a hash the answer is no, after the same time: who measures it cannot tell which accounts
 * exist.
 */
export async function verifyPassword(
  password: string,
  passwordHash: string | undefined,
): Promise<boolean> {
  hashOfNobody ??= hash("nobody", COST);
  const matches = await verify(passwordHash ?? (await hashOfNobody), password);
  return matches && passwordHash !== undefined;
}
