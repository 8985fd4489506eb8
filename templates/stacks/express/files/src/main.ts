/** Starts the server: `npm run dev` while you work on the code, `npm start` after a build. */

import { createApp } from "./app.ts";
import { run } from "./program.ts";
import { serve } from "./server.ts";

await run(() => serve(createApp));
