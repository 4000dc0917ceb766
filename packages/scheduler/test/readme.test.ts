import { expect, test } from "vitest";
import { admit, buildGraph, criticalPath, findCycle, whyNot } from "../src/index.ts";

test("the README's example says what happens", () => {
  const rest = { priority: 1, parallel: true, weight: 1 };
  const graph = buildGraph([
    { id: "api", dependsOn: [], ...rest },
    { id: "page", dependsOn: ["api"], ...rest },
    { id: "docs", dependsOn: [], ...rest },
  ]);
  const stateOf = () => "waiting" as const;
  expect(findCycle(graph)).toBeUndefined();
  expect(criticalPath(graph)).toEqual({ path: ["api", "page"], length: 2 });
  expect(admit(graph, { stateOf, slots: 2 })).toEqual(["api", "docs"]);
  expect(whyNot(graph, "page", stateOf)).toEqual([{ on: "api", reason: "ready", chain: ["api"] }]);
});
