/** Brings the database to the newest schema: `npm run migrate`; one step back with `-- --undo`. */

import { migrate } from "./migrations.ts";
import { run } from "./program.ts";

await run(() => migrate(process.argv.slice(2)));
