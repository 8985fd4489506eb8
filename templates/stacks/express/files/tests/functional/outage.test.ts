/** What happens while the database is down, and afterwards. */

import { once } from "node:events";
import type { Server as HttpServer } from "node:http";
import { connect, createServer, type Server, type Socket } from "node:net";
import type { AddressInfo } from "node:net";

import type { PGlite } from "@electric-sql/pglite";
import { sql } from "drizzle-orm";
import { expect, vi } from "vitest";

import { type Database, isUnavailable, openDatabase, ping } from "../../src/database.ts";
import { DatabaseUnavailableError } from "../../src/errors.ts";
import { serveProbe, test as base } from "../support/application.ts";
import { SERVER, silent } from "../support/databases.ts";
import { expectError } from "../support/errors.ts";

/** A database that can be taken away and brought back. */
interface Outage {
  begin: () => Promise<void>;
  end: () => Promise<void>;
}

/** Cuts the line to the server. */
class Line implements Outage {
  private readonly target: URL;
  private readonly sockets = new Set<Socket>();
  private listener: Server | undefined;
  private port = 0;

  constructor(url: string) {
    this.target = new URL(url);
  }

  /** The address of the server as seen through the line. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = "127.0.0.1";
    url.port = String(this.port);
    return url.href;
  }

  async begin(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.listener?.close();
    await (this.listener && once(this.listener, "close"));
  }

  async end(): Promise<void> {
    this.listener = createServer((near) => {
      this.carry(near);
    }).listen(this.port, "127.0.0.1");
    await once(this.listener, "listening");
    ({ port: this.port } = this.listener.address() as AddressInfo);
  }

  private carry(near: Socket): void {
    const far = connect(Number(this.target.port || 5432), this.target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(one);
      one.on("error", () => one.destroy());
      one.on("close", () => {
        this.sockets.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  }
}

/** Makes the embedded database fail as a connection fails: it has none of its own. */
class Failure implements Outage {
  private readonly client: PGlite;

  constructor(db: Database) {
    this.client = (db as unknown as { $client: PGlite }).$client;
  }

  begin(): Promise<void> {
    const error = Object.assign(new Error("connection refused"), { code: "ECONNREFUSED" });
    vi.spyOn(this.client, "query").mockRejectedValue(error);
    return Promise.resolve();
  }

  end(): Promise<void> {
    vi.restoreAllMocks();
    return Promise.resolve();
  }
}

const test = base.extend<{ outage: Outage; db: Database; server: HttpServer }>({
  /** The database as the application of these tests sees it. */
  outage: async ({ database }, use) => {
    if (!SERVER) {
      await use(new Failure(database.db));
      return;
    }
    const line = new Line(SERVER);
    await line.end();
    await use(line);
    await line.begin();
  },

  db: async ({ database, outage }, use) => {
    if (!(outage instanceof Line)) {
      await use(database.db);
      return;
    }
    const { db, close } = await openDatabase(outage.url, silent);
    await use(db);
    await close();
  },

  server: async ({ context, db }, use) => {
    const server = await serveProbe({ ...context, db });
    await use(server);
    server.close();
  },
});

test("requests get 503 while the database is down", async ({ outage, client }) => {
  await outage.begin();
  const response = await client.get("/probe/database");
  await outage.end();
  expectError(response, 503, "The database does not answer. Try again later.");
  expect(response.get("retry-after")).toBe("5");
});

test("requests work again when the database is back", async ({ outage, client }) => {
  expect((await client.get("/probe/database")).status).toBe(200);
  await outage.begin();
  expect((await client.get("/probe/database")).status).toBe(503);
  await outage.end();
  expect((await client.get("/probe/database")).status).toBe(200);
});

test("not ready but alive while the database is down", async ({ outage, client }) => {
  expect((await client.get("/health/ready")).body).toEqual({ status: "ok" });
  await outage.begin();
  const ready = await client.get("/health/ready");
  const live = await client.get("/health/live");
  await outage.end();
  expectError(ready, 503);
  expect(ready.get("retry-after")).toBe("5");
  expect(live.body).toEqual({ status: "ok" });
  expect((await client.get("/health/ready")).status).toBe(200);
});

// The embedded database has no connection that could break.
if (SERVER) {
  test("a transaction whose connection breaks fails, and nothing else", async ({ db, outage }) => {
    const broken = db.transaction(async (transaction) => {
      await transaction.execute(sql`SELECT 1`);
      await outage.begin();
      await expect(transaction.execute(sql`SELECT pg_sleep(60)`)).rejects.toThrow();
      throw new Error("it would go on");
    });
    await expect(broken).rejects.toSatisfy(isUnavailable);
    await outage.end();
    await ping(db);
  });
}

base("a database that does not answer is not ready", async () => {
  const silentServer = createServer().listen(0, "127.0.0.1");
  await once(silentServer, "listening");
  const { port } = silentServer.address() as AddressInfo;
  const { db } = await openDatabase(`postgresql://app:app@127.0.0.1:${port}/app`, silent);
  await expect(ping(db, 100)).rejects.toThrow(DatabaseUnavailableError);
  silentServer.close();
});
