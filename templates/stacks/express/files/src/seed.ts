/** Fills the database with examples: `npm run seed`. */

import { run } from "./program.ts";
import { seedDatabase } from "./seeds.ts";

await run(seedDatabase);
