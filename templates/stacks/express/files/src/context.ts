import type { Logger } from "pino";

import type { Database } from "./database.ts";
import type { Settings } from "./settings.ts";

/** What the parts of the application are made with. */
export interface Context {
  settings: Settings;
  db: Database;
  log: Logger;
  /** Aborted when the application stops: who has opened something closes it then. */
  stopped: AbortSignal;
}
