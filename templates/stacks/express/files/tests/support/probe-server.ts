/** Serves the application with the routes of probe.ts: the tests start it as a process. */

import { createApp } from "../../src/app.ts";
import { run } from "../../src/program.ts";
import { serve } from "../../src/server.ts";
import { probeRoutes } from "./probe.ts";

await run(() => serve((context) => createApp(context, probeRoutes(context))));
