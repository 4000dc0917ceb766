import { isOrchardError } from "@orchard/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, mergeOrder, type WorkNode } from "../src/index.ts";
import { anyPlan, node, soundPlan } from "./plans.ts";

test("dependencies first, then priority, then plan order", () => {
  const graph = buildGraph([
    node("c", ["b"]),
    node("b"),
    node("x", [], { priority: 0 }),
    node("a"),
    node("y", [], { priority: 2 }),
  ]);
  expect(mergeOrder(graph, ["y", "a", "b", "c", "x"])).toEqual(["x", "b", "c", "a", "y"]);
});

test("an urgent node is not kept waiting by the low priority of what it depends on", () => {
  const graph = buildGraph([
    node("middle"),
    node("low", [], { priority: 9 }),
    node("between", ["low"], { priority: 9 }),
    node("urgent", ["between"], { priority: 0 }),
  ]);
  expect(mergeOrder(graph, ["middle", "low", "urgent"])).toEqual(["low", "urgent", "middle"]);
});

test("a dependency through a node that is not merged counts", () => {
  const graph = buildGraph([node("top", ["middle"]), node("middle", ["bottom"]), node("bottom")]);
  expect(mergeOrder(graph, ["top", "bottom"])).toEqual(["bottom", "top"]);
});

test("a node that is only passed through holds nobody up", () => {
  const graph = buildGraph([node("first", ["between"]), node("second"), node("between")]);
  expect(mergeOrder(graph, ["first", "second"])).toEqual(["first", "second"]);
});

test("of a whole plan: at every step the most urgent one whose dependencies have gone, else the first in plan order", () => {
  fc.assert(
    fc.property(soundPlan(12), (nodes) => {
      const left = [...nodes];
      const expected: string[] = [];
      while (left.length > 0) {
        const free = left.filter(({ dependsOn }) => dependsOn.every((d) => expected.includes(d)));
        const best = Math.min(...free.map(({ id }) => urgencyOf(nodes, id)));
        const next = free.find(({ id }) => urgencyOf(nodes, id) === best);
        if (next === undefined) throw new Error("A sound plan always has a free node.");
        expected.push(next.id);
        left.splice(left.indexOf(next), 1);
      }
      const ids = nodes.map(({ id }) => id);
      expect(mergeOrder(buildGraph(nodes), ids)).toEqual(expected);
    }),
    { numRuns: 2_000 },
  );
});

test("nodes in a cycle come last, in plan order; an id that the plan does not have is refused by name", () => {
  const graph = buildGraph([node("a", ["b"]), node("b", ["a"]), node("c")]);
  expect(mergeOrder(graph, ["b", "a", "c", "c"])).toEqual(["c", "a", "b"]);
  expect(() => mergeOrder(graph, ["ghost"])).toThrow(/"ghost" is not in the plan/);
  try {
    mergeOrder(graph, ["ghost"]);
  } catch (error) {
    expect(isOrchardError(error, "UNKNOWN_NODE")).toBe(true);
  }
});

test("of any part of any plan: every wanted node once, and none before one that it depends on", () => {
  fc.assert(
    fc.property(soundPlan(), fc.array(fc.nat(), { maxLength: 8 }), (nodes, picks) => {
      const ids = picks.map((pick) => nodes[pick % nodes.length]?.id ?? "");
      const order = mergeOrder(buildGraph(nodes), ids);
      expect([...order].sort()).toEqual([...new Set(ids)].sort());
      for (const [at, id] of order.entries()) {
        for (const later of order.slice(at + 1)) expect(reaches(nodes, id, later)).toBe(false);
      }
    }),
    { numRuns: 2_000 },
  );
});

test("it depends on the plan alone, not on the order of asking, also with cycles", () => {
  fc.assert(
    fc.property(anyPlan(), (nodes) => {
      const ids = nodes.map(({ id }) => id);
      const graph = buildGraph(nodes);
      expect(mergeOrder(graph, ids.toReversed())).toEqual(mergeOrder(graph, ids));
    }),
  );
});

function reaches(nodes: readonly WorkNode[], id: string, other: string): boolean {
  const own = nodes.find((one) => one.id === id)?.dependsOn ?? [];
  return own.some((d) => d === other || reaches(nodes, d, other));
}

function urgencyOf(nodes: readonly WorkNode[], id: string): number {
  return Math.min(
    ...nodes.filter((one) => one.id === id || reaches(nodes, one.id, id)).map(({ priority }) => priority),
  );
}
