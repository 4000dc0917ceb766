import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, readySet } from "../src/index.ts";
import { anyPlan, anyState, node, states } from "./plans.ts";

test.each([
  ["nothing done: only what depends on nothing", {}, ["a"]],
  ["a done: everything that waited for a alone", { a: "done" }, ["b", "c"]],
  ["one of two done: the dependent still waits", { a: "done", b: "done" }, ["c"]],
  ["both done", { a: "done", b: "done", c: "done" }, ["d"]],
  ["a failed dependency satisfies nobody", { a: "done", b: "failed", c: "done" }, []],
  ["what runs, is held or failed is not ready", { a: "done", b: "held", c: "running" }, []],
] as const)("%s", (_, named, ready) => {
  const graph = buildGraph([node("a"), node("b", ["a"]), node("c", ["a"]), node("d", ["b", "c"])]);
  expect(readySet(graph, states(named))).toEqual(ready);
});

test("ready is exactly: waiting, and every dependency known and done", () => {
  fc.assert(
    fc.property(anyPlan(), fc.array(anyState, { minLength: 8, maxLength: 8 }), (nodes, drawn) => {
      const stateOf = (id: string) => drawn[Number(id.slice(1))] ?? "waiting";
      const known = new Set(nodes.map(({ id }) => id));
      const expected = nodes
        .filter(({ id }) => stateOf(id) === "waiting")
        .filter(({ dependsOn }) => dependsOn.every((d) => known.has(d) && stateOf(d) === "done"))
        .map(({ id }) => id);
      expect(readySet(buildGraph(nodes), stateOf)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});
