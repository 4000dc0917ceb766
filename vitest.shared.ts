import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

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
    sequence: { sequencer: longestFirst() },
    reporters: ["default", ["json", { outputFile: process.env["ORCHARD_TEST_RESULTS"] ?? "dist/test-results.json" }]],
  },
});

/** Simulations, races and crashes begin first, so that at the end none of them runs alone beside an idle core. */
function longestFirst() {
  const length = ({ moduleId }: TestSpecification) =>
    moduleId.includes("/simulator") ? 2 : moduleId.includes("/dangers/") ? 1 : 0;
  return class extends BaseSequencer {
    override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
      return (await super.sort(files)).toSorted((a, b) => length(b) - length(a));
    }
  };
}
