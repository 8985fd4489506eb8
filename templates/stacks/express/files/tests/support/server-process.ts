/** The application as a process of its own, where a test needs a real server. */

import { type ChildProcess, spawn } from "node:child_process";
import { EventEmitter, once } from "node:events";
import { mkdtempSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const PROGRAM = fileURLToPath(new URL("probe-server.ts", import.meta.url));

export type LogEntry = Record<string, unknown>;

export class ServerProcess {
  readonly url: string;
  private readonly process: ChildProcess;
  private readonly seen: string[] = [];
  private readonly arrival = new EventEmitter();

  private constructor(port: number, environment: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`;
    this.process = spawn(process.execPath, ["--import", TSX, PROGRAM], {
      // Where there is no .env of the developer.
      cwd: mkdtempSync(join(tmpdir(), "server-")),
      env: { PATH: process.env["PATH"], PORT: String(port), LOG_FORMAT: "json", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream)
        createInterface(stream).on("line", (line) => {
          this.take(line);
        });
    }
    this.process.once("close", () => this.arrival.emit("line"));
  }

  /** Starts a process. */
  static async spawn(environment: Record<string, string>): Promise<ServerProcess> {
    return new ServerProcess(await freePort(), environment);
  }

  private take(line: string): void {
    this.seen.push(line);
    this.arrival.emit("line");
  }

  /** Everything that it has printed. */
  get output(): string[] {
    return this.seen;
  }

  /** Returns the first log entry whose event begins with a text, as soon as there is one. */
  async logged(event: string): Promise<LogEntry> {
    for (;;) {
      const found = this.seen.find((line) => line.includes(`"event":"${event}`));
      if (found) return JSON.parse(found) as LogEntry;
      if (this.process.exitCode !== null) {
        throw new Error(`It ended before it logged ${event}:\n${this.seen.join("\n")}`);
      }
      await once(this.arrival, "line");
    }
  }

  /** Tells it to stop, as an orchestrator does. */
  terminate(): void {
    this.process.kill("SIGTERM");
  }

  /** Waits for its end and returns its exit code. */
  async exitCode(): Promise<number | null> {
    if (this.process.exitCode === null) await once(this.process, "close");
    return this.process.exitCode;
  }

  /** Ends it whatever it does. */
  async kill(): Promise<void> {
    this.process.kill("SIGKILL");
    if (this.process.exitCode === null && this.process.signalCode === null) {
      await once(this.process, "close");
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
