/** The application's log, for tests to read. */

export class Log {
  text = "";

  write(line: string): void {
    this.text += line;
  }

  /** Returns what was logged as JSON. */
  entries(): Record<string, unknown>[] {
    return this.lines().map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  lines(): string[] {
    return this.text.split("\n").filter((line) => line !== "");
  }
}
