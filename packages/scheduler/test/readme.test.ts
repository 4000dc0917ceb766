import { expect, test } from "vitest";
import { admit, buildGraph, criticalPath, findCycle, lanesFromGaps, whyNot } from "../src/index.ts";

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

test("the README's plan has the lanes that it says", () => {
  const item = { priority: 1, size: 1, dependsOn: [] };
  const { lanes } = lanesFromGaps([
    { ...item, id: "docs.readme", files: ["README.md"] },
    { ...item, id: "docs.licence", files: ["README.md", "LICENSE"] },
    { ...item, id: "untested.parse", files: ["src/parse.ts"] },
  ]);
  expect(lanes.map(({ id, items }) => [id, items])).toEqual([
    ["docs.licence", ["docs.licence", "docs.readme"]],
    ["untested.parse", ["untested.parse"]],
  ]);
});
