import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, findCycle, type WorkNode } from "../src/index.ts";
import { anyPlan, node, soundPlan } from "./plans.ts";

test("a node that depends on itself is a cycle of one", () => {
  expect(findCycle(buildGraph([node("a"), node("b", ["b"])]))).toEqual(["b"]);
});

test("the shortest of several cycles is named, from its first node in plan order", () => {
  const long = [node("a", ["b"]), node("b", ["c"]), node("c", ["d"]), node("d", ["a"])];
  const short = [node("x", ["y"]), node("y", ["x", "a"])];
  expect(findCycle(buildGraph([...long, ...short]))).toEqual(["x", "y"]);
  expect(findCycle(buildGraph(long))).toEqual(["a", "b", "c", "d"]);
});

test("a short cycle inside a long one is found", () => {
  const ring = Array.from({ length: 50 }, (_, i) => node(`r${i}`, [`r${(i + 1) % 50}`]));
  const withChord = ring.map((one) => (one.id === "r20" ? node("r20", ["r21", "r18"]) : one));
  expect(findCycle(buildGraph(withChord))).toEqual(["r18", "r19", "r20"]);
});

test("a plan without a cycle has none", () => {
  fc.assert(fc.property(soundPlan(12), (nodes) => findCycle(buildGraph(nodes)) === undefined));
});

test("what is named is a cycle, and no cycle is shorter (against trying all walks)", () => {
  fc.assert(
    fc.property(anyPlan(7), (nodes) => {
      const found = findCycle(buildGraph(nodes));
      expect(found?.length).toBe(shortestByTryingAll(nodes));
      if (found === undefined) return;
      expect(new Set(found).size).toBe(found.length);
      expect(found.every((id, i) => dependencies(nodes, id).includes(found[(i + 1) % found.length] ?? ""))).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

function shortestByTryingAll(nodes: readonly WorkNode[]): number | undefined {
  for (let length = 1; length <= nodes.length; length++) {
    if (nodes.some(({ id }) => returnsIn(nodes, id, id, length))) return length;
  }
  return undefined;
}

function returnsIn(nodes: readonly WorkNode[], from: string, to: string, steps: number): boolean {
  if (steps === 0) return from === to;
  return dependencies(nodes, from).some((next) => returnsIn(nodes, next, to, steps - 1));
}

function dependencies(nodes: readonly WorkNode[], id: string): readonly string[] {
  const own = nodes.find((one) => one.id === id)?.dependsOn ?? [];
  return [...new Set(own)].filter((d) => nodes.some((one) => one.id === d));
}
