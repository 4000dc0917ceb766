import { defineConfig } from "vitest/config";

/** One configuration for every package: tests run the sources, and nothing a test leaves behind is shared. */
export default defineConfig({
  resolve: { conditions: ["@orchard/source"] },
  ssr: { resolve: { conditions: ["@orchard/source"], externalConditions: ["@orchard/source"] } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    reporters: ["default", ["json", { outputFile: "dist/test-results.json" }]],
  },
});
