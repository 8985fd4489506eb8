import { once } from "node:events";
import { connect } from "node:net";

import { afterEach, expect, test, vi } from "vitest";

import { ProgramError, run } from "../../src/program.ts";
import { listen, serve, stop, urlOf } from "../../src/server.ts";

const LOCAL = { host: "127.0.0.1", port: 0 };

afterEach(() => {
  process.exitCode = undefined;
});

test("a server serves until it is told to stop", async () => {
  const other = await listen(() => undefined, LOCAL);
  const { port } = new URL(urlOf(other));
  await stop(other);
  vi.stubEnv("PORT", port);
  vi.stubEnv("LOG_LEVEL", "error");
  vi.stubEnv("DATABASE_URL", "postgresql://nobody:nothing@127.0.0.1:1/none");
  const listening = vi.waitFor(() => fetch(`http://127.0.0.1:${port}`));
  const served = serve(() => (_request, response) => response.end("here"));
  expect(await (await listening).text()).toBe("here");
  process.emit("SIGTERM");
  await served;
  await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
});

test("a connection that never ends does not keep the server from stopping", async () => {
  const server = await listen(() => undefined, LOCAL);
  const socket = connect(Number(new URL(urlOf(server)).port), "127.0.0.1");
  socket.write("GET / HTTP/1.1\r\nHost: test\r\n\r\n");
  await once(server, "request");
  const closed = once(socket, "close");
  await stop(server, 10);
  await closed;
});

test("an address that is taken is told", async () => {
  const first = await listen(() => undefined, LOCAL);
  const { port } = new URL(urlOf(first));
  await expect(listen(() => undefined, { ...LOCAL, port: Number(port) })).rejects.toThrow(
    ProgramError,
  );
  await stop(first);
});

test("a program that fails as expected says why and ends with exit code 1", async () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await run(() => Promise.reject(new ProgramError("This is why.")));
  expect(written).toHaveBeenCalledWith("This is why.\n");
  expect(process.exitCode).toBe(1);
});

test("a program that fails otherwise shows everything", async () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  await run(() => Promise.reject(new Error("a bug", { cause: new Error("deep inside") })));
  expect(written.mock.calls[0]?.[0]).toMatch(/^Error: a bug\n {4}at .*deep inside/s);
  expect(process.exitCode).toBe(1);
});
