import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/support/template-database.ts",
    // Files share a process and the modules that it has loaded, which takes half the time. So a test
    // leaves nothing behind: what it has replaced by `vi` comes back before the next one.
    isolate: false,
    restoreMocks: true,
    unstubEnvs: true,
    // Starting the embedded database or a server process can take a while on a busy machine.
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: {
      provider: "v8",
      include: ["src/**/*.ts"],
      reporter: ["text", "html"],
      thresholds: { statements: 90, branches: 90, functions: 90, lines: 90 },
    },
  },
});
