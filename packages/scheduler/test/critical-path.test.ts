import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, criticalPath, remainingLength, type WorkNode } from "../src/index.ts";
import { anyState, node, soundPlan, states } from "./plans.ts";

const DIAMOND = [node("a"), node("b", ["a"], { weight: 5 }), node("c", ["a"], { weight: 2 }), node("d", ["b", "c"])];

test("the critical path follows weight, not the number of nodes", () => {
  expect(criticalPath(buildGraph(DIAMOND))).toEqual({ path: ["a", "b", "d"], length: 7 });
});

test("of equally long paths the one that is first in plan order is named, in whatever order the plan is written", () => {
  const plan = [node("a"), node("b", ["a"]), node("c", ["a"]), node("d")];
  expect(criticalPath(buildGraph(plan)).path).toEqual(["a", "b"]);
  expect(criticalPath(buildGraph(plan.toReversed())).path).toEqual(["a", "c"]);
});

test("done work is no longer on it", () => {
  expect(criticalPath(buildGraph(DIAMOND), states({ a: "done", b: "done" }))).toEqual({ path: ["c", "d"], length: 3 });
  expect(criticalPath(buildGraph(DIAMOND), () => "done")).toEqual({ path: [], length: 0 });
});

test("a weight that is no positive number counts as 1", () => {
  const odd = [0, -3, Number.NaN, Number.POSITIVE_INFINITY].map((weight, i) => node(`n${i}`, [], { weight }));
  expect([...remainingLength(buildGraph(odd), () => "waiting").values()]).toEqual([1, 1, 1, 1]);
});

test("what waits behind a cycle is left out, what stands before it is not", () => {
  const graph = buildGraph([node("a"), node("b", ["a", "c"]), node("c", ["b"]), node("d", ["c"])]);
  expect(remainingLength(graph, () => "waiting")).toEqual(new Map([["a", 1]]));
});

test("path and remaining lengths agree with trying every chain", () => {
  fc.assert(
    fc.property(soundPlan(9), fc.array(anyState, { minLength: 9, maxLength: 9 }), (nodes, drawn) => {
      const stateOf = (id: string) => drawn[Number(id.slice(1))] ?? "waiting";
      const graph = buildGraph(nodes);
      const longest = (id: string): number => {
        if (stateOf(id) === "done") return 0;
        const after = nodes.filter((one) => one.dependsOn.includes(id)).map((one) => longest(one.id));
        return weightOf(nodes, id) + Math.max(0, ...after);
      };
      const lengths = remainingLength(graph, stateOf);
      for (const { id } of nodes) expect(lengths.get(id)).toBe(longest(id));
      const { path, length } = criticalPath(graph, stateOf);
      expect(length).toBe(Math.max(...nodes.map(({ id }) => longest(id))));
      expect(path.reduce((sum, id) => sum + weightOf(nodes, id), 0)).toBe(length);
      expect(path.every((id, i) => i === 0 || dependsOn(nodes, id).includes(path[i - 1] ?? ""))).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

function weightOf(nodes: readonly WorkNode[], id: string): number {
  return nodes.find((one) => one.id === id)?.weight ?? Number.NaN;
}

function dependsOn(nodes: readonly WorkNode[], id: string): readonly string[] {
  return nodes.find((one) => one.id === id)?.dependsOn ?? [];
}
