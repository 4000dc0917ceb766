import fc from "fast-check";
import { expect, test } from "vitest";
import { admit, buildGraph, readySet, type WorkNode, whyNot } from "../src/index.ts";
import { anyPlan, anyState, node, states } from "./plans.ts";

const CHAIN = [node("a"), node("b", ["a"]), node("c", ["b"]), node("d", ["c"])];

test.each([
  [
    "the nearest is direct, the farthest the cause",
    {},
    [
      { on: "c", reason: "waiting", chain: ["c"] },
      { on: "a", reason: "ready", chain: ["c", "b", "a"] },
    ],
  ],
  [
    "a failure far away is named with the way to it",
    { a: "failed" },
    [
      { on: "c", reason: "waiting", chain: ["c"] },
      { on: "a", reason: "failed", chain: ["c", "b", "a"] },
    ],
  ],
  [
    "what runs is the cause",
    { a: "done", b: "running" },
    [
      { on: "c", reason: "waiting", chain: ["c"] },
      { on: "b", reason: "running", chain: ["c", "b"] },
    ],
  ],
  [
    "a held direct dependency is both",
    { a: "done", b: "done", c: "held" },
    [{ on: "c", reason: "held", chain: ["c"] }],
  ],
  ["its own failure is its own cause", { d: "failed" }, [{ on: "d", reason: "failed", chain: [] }]],
  ["nothing is in the way of what runs", { d: "running" }, []],
  ["nor of what is ready", { a: "done", b: "done", c: "done" }, []],
] as const)("%s", (_, named, blockers) => {
  expect(whyNot(buildGraph(CHAIN), "d", states(named))).toEqual(blockers);
});

test("an unknown dependency is named, also behind another node", () => {
  const graph = buildGraph([node("a", ["ghost"]), node("b", ["a"])]);
  expect(whyNot(graph, "a", states({}))).toEqual([{ on: "ghost", reason: "unknown", chain: ["ghost"] }]);
  expect(whyNot(graph, "b", states({}))).toEqual([
    { on: "a", reason: "waiting", chain: ["a"] },
    { on: "ghost", reason: "unknown", chain: ["a", "ghost"] },
  ]);
  expect(() => whyNot(graph, "ghost", states({}))).toThrow(/"ghost" is not in the plan/);
});

test("a cycle is named to those in it and to those behind it", () => {
  const graph = buildGraph([node("a", ["b"]), node("b", ["a"]), node("c", ["b"]), node("self", ["self"])]);
  expect(whyNot(graph, "a", states({}))).toEqual([
    { on: "a", reason: "cycle", chain: [] },
    { on: "b", reason: "cycle", chain: ["b"] },
  ]);
  expect(whyNot(graph, "c", states({})).map(({ on, reason }) => [on, reason])).toEqual([
    ["b", "cycle"],
    ["a", "cycle"],
  ]);
  expect(whyNot(graph, "self", states({}))).toEqual([{ on: "self", reason: "cycle", chain: [] }]);
  expect(whyNot(graph, "c", states({ a: "done" }))).toEqual([{ on: "b", reason: "ready", chain: ["b"] }]);
});

test("a ready node that must not run beside another is told whose turn it is", () => {
  const graph = buildGraph([node("s1", [], { parallel: false }), node("s2", [], { parallel: false }), node("p")]);
  const turn = (on: string) => ({ on, reason: "turn", chain: [on] });
  expect(whyNot(graph, "s1", states({}))).toEqual([turn("p")]);
  expect(whyNot(graph, "s2", states({ p: "done" }))).toEqual([turn("s1")]);
  expect(whyNot(graph, "p", states({ s1: "running" }))).toEqual([turn("s1")]);
  expect(whyNot(graph, "s1", states({ p: "done" }))).toEqual([]);
});

test("in any state: a waiting node has no blocker exactly when it would be started, and every chain is one", () => {
  fc.assert(
    fc.property(anyPlan(), fc.array(anyState, { minLength: 8, maxLength: 8 }), (nodes, drawn) => {
      const stateOf = (id: string) => drawn[Number(id.slice(1))] ?? "waiting";
      const graph = buildGraph(nodes);
      const started = admit(graph, { stateOf, slots: nodes.length });
      const ready = readySet(graph, stateOf);
      for (const { id } of nodes.filter((one) => stateOf(one.id) === "waiting")) {
        const blockers = whyNot(graph, id, stateOf);
        expect(blockers.length === 0).toBe(started.includes(id));
        if (blockers.length === 0) continue;
        expect(
          blockers.some(({ reason }) => reason !== "waiting"),
          "a root cause is always named",
        ).toBe(true);
        expect(new Set(blockers.map(({ on, chain }) => JSON.stringify([on, chain]))).size).toBe(blockers.length);
        if (ready.includes(id)) expect(blockers.every(({ reason }) => reason === "turn")).toBe(true);
        else for (const { on, chain } of blockers) expectChain(nodes, id, on, chain);
      }
    }),
    { numRuns: 5_000 },
  );
});

function expectChain(nodes: readonly WorkNode[], id: string, on: string, chain: readonly string[]): void {
  const steps = [id, ...chain];
  expect(steps.at(-1)).toBe(on);
  for (const [at, step] of steps.slice(1).entries()) {
    expect(nodes.find((one) => one.id === steps[at])?.dependsOn).toContain(step);
  }
}
