/** What the programs of this repository have in common. */

import { inspect } from "node:util";

/** An error for the person who started the program: one message, no stack. */
export class ProgramError extends Error {}

/**
 * Runs a program. One that fails prints why and ends with exit code 1: as expected, in one message,
 * otherwise with all that is known.
 */
export async function run(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    const text = error instanceof ProgramError ? error.message : inspect(error);
    process.stderr.write(`${text}\n`);
    process.exitCode = 1;
  }
}
