/** The application as a process: how it starts and how it stops. */

import { once } from "node:events";
import { connect } from "node:net";

import { describe, expect, test as base } from "vitest";

import { OWN_SETTINGS } from "../support/own-settings.ts";
import { ServerProcess } from "../support/server-process.ts";

const SETTINGS = {
  ...OWN_SETTINGS,
  // It is not asked for anything, so nobody notices that it is not there.
  DATABASE_URL: "postgresql://nobody:nothing@127.0.0.1:1/none",
};
const onPosix = process.platform !== "win32";

type Spawn = (environment?: Record<string, string>) => Promise<ServerProcess>;

const test = base.extend<{ spawn: Spawn }>({
  // eslint-disable-next-line no-empty-pattern -- says that it needs nothing
  spawn: async ({}, use) => {
    const started: ServerProcess[] = [];
    await use(async (environment) => {
      const server = await ServerProcess.spawn({ ...SETTINGS, ...environment });
      started.push(server);
      return server;
    });
    await Promise.all(started.map((server) => server.kill()));
  },
});

test("invalid settings stop the start with one line", async ({ spawn }) => {
  const server = await spawn({ PORT: "eighty" });
  expect(await server.exitCode()).toBe(1);
  expect(server.output).toEqual([
    "Configuration error: PORT: must be a whole number from 1 to 65535",
  ]);
});

describe.runIf(onPosix)("told to stop", () => {
  test("a request under way is finished before the server stops", async ({ spawn }) => {
    const server = await spawn();
    await server.logged("listening on");
    const body = '{"displayName": "x"}';
    const socket = connect(Number(new URL(server.url).port), "127.0.0.1").setEncoding("utf8");
    socket.write(
      "POST /probe HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\n" +
        `Content-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    // The application is waiting for the body now.
    expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1.1 100 /);
    server.terminate();
    await server.logged("stopping");
    socket.write(body);
    expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1.1 200 /);
    expect(await server.exitCode()).toBe(0);
    socket.destroy();
  });

  test("an idle server stops with exit code 0", async ({ spawn }) => {
    const server = await spawn();
    await server.logged("listening on");
    await (await fetch(`${server.url}/health/live`)).text();
    server.terminate();
    await server.logged("stopped");
    expect(await server.exitCode()).toBe(0);
  });
});
