/** Makes hashing cheap: tests need many passwords, and nobody wants to guess them. */

import { COST } from "../../src/passwords.ts";

Object.assign(COST, { memoryCost: 8, timeCost: 1 });
