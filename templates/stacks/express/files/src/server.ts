/** The HTTP server around the application: its time limits, its start and its end. */

import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Context } from "./context.ts";
import { openDatabase } from "./database.ts";
import { createLogger } from "./logging.ts";
import { ProgramError } from "./program.ts";
import { loadSettings } from "./settings.ts";

// All in milliseconds. A slow client must not hold a connection.
const HEADERS_TIMEOUT = 10_000;
const REQUEST_TIMEOUT = 30_000;
// Longer than reverse proxies keep idle connections (nginx: 60 s), so that a proxy never sends a
// request into a connection which is just being closed here.
const KEEP_ALIVE = 75_000;
// Requests that are under way when the server is told to stop get this long.
const GRACEFUL_SHUTDOWN = 20_000;

/** Serves an application until a signal says stop. */
export async function serve(createApp: (context: Context) => RequestListener): Promise<void> {
  const settings = loadSettings();
  const log = createLogger(settings);
  const toldToStop = Promise.race([once(process, "SIGTERM"), once(process, "SIGINT")]);
  const stopped = new AbortController();
  const database = await openDatabase(settings.DATABASE_URL, log);
  try {
    const app = createApp({ settings, db: database.db, log, stopped: stopped.signal });
    const server = await listen(app, { host: settings.HOST, port: settings.PORT });
    log.info(`listening on ${urlOf(server)}`);
    await toldToStop;
    log.info("stopping");
    await stop(server);
    log.info("stopped");
  } finally {
    stopped.abort();
    await database.close();
  }
}

/**
 * Starts to listen.
 *
 * @throws ProgramError The address cannot be used.
 */
export async function listen(
  handler: RequestListener,
  address: { host: string; port: number },
): Promise<Server> {
  const server = createServer(
    {
      headersTimeout: HEADERS_TIMEOUT,
      requestTimeout: REQUEST_TIMEOUT,
      keepAliveTimeout: KEEP_ALIVE,
    },
    handler,
  );
  server.listen(address.port, address.host);
  try {
    await once(server, "listening");
  } catch (error) {
    throw new ProgramError(`Cannot listen: ${String(error)}`, { cause: error });
  }
  return server;
}

/** Returns the URL at which a server of this process listens. */
export function urlOf(server: Server): string {
  const { address, port, family } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

/** Takes no more requests, finishes those under way, and returns when the last one is answered. */
export async function stop(server: Server, patience = GRACEFUL_SHUTDOWN): Promise<void> {
  const closed = once(server, "close");
  server.close();
  // Connections become idle when their last answer is sent.
  const tidy = setInterval(() => {
    server.closeIdleConnections();
  }, 100);
  const enough = setTimeout(() => {
    server.closeAllConnections();
  }, patience);
  await closed;
  clearInterval(tidy);
  clearTimeout(enough);
}
