import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "tests/support/template-database.ts",
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
