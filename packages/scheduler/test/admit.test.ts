import fc from "fast-check";
import { expect, test } from "vitest";
import { admit, buildGraph, type NodeState, readySet, type WorkNode } from "../src/index.ts";
import { anyPlan, anyState, node, soundPlan, states } from "./plans.ts";

const idle = states({});

test("the more urgent one first, then the longer remaining path, then plan order", () => {
  const graph = buildGraph([
    node("late", [], { priority: 2 }),
    node("short"),
    node("long"),
    node("after-long", ["long"]),
    node("also-short"),
    node("urgent", [], { priority: 0 }),
  ]);
  expect(admit(graph, { stateOf: idle, slots: 9 })).toEqual(["urgent", "long", "short", "also-short", "late"]);
  expect(admit(graph, { stateOf: idle, slots: 2 })).toEqual(["urgent", "long"]);
});

test("an urgent node lends its urgency to what it waits for", () => {
  const graph = buildGraph([
    node("middle", [], { priority: 1 }),
    node("low", [], { priority: 2 }),
    node("urgent", ["low"], { priority: 0 }),
  ]);
  expect(admit(graph, { stateOf: idle, slots: 1 })).toEqual(["low"]);
});

test("what is done lends nothing", () => {
  const graph = buildGraph([
    node("middle"),
    node("low", [], { priority: 2 }),
    node("urgent", ["low"], { priority: 0 }),
  ]);
  expect(admit(graph, { stateOf: states({ urgent: "done" }), slots: 1 })).toEqual(["middle"]);
});

test("without a free slot nothing is started", () => {
  const graph = buildGraph([node("a")]);
  for (const slots of [0, -1, 0.5, Number.NaN]) expect(admit(graph, { stateOf: idle, slots })).toEqual([]);
});

const serial = { parallel: false };

test("nodes that are not parallel go one after the other, after the parallel ones, in plan order", () => {
  const graph = buildGraph([
    node("s1", [], { ...serial, priority: 2 }),
    node("s2", [], { ...serial, priority: 0 }),
    node("p"),
  ]);
  expect(admit(graph, { stateOf: idle, slots: 4 })).toEqual(["p"]);
  expect(admit(graph, { stateOf: states({ p: "running" }), slots: 4 })).toEqual([]);
  expect(admit(graph, { stateOf: states({ p: "done" }), slots: 4 })).toEqual(["s1"]);
  expect(admit(graph, { stateOf: states({ p: "done", s1: "running" }), slots: 4 })).toEqual([]);
  expect(admit(graph, { stateOf: states({ p: "done", s1: "done" }), slots: 4 })).toEqual(["s2"]);
});

test("a parallel node that waits for a serial one goes as soon as that is done, before the next serial one", () => {
  const graph = buildGraph([node("s1", [], serial), node("s2", [], serial), node("p", ["s1"])]);
  expect(admit(graph, { stateOf: idle, slots: 4 })).toEqual(["s1"]);
  expect(admit(graph, { stateOf: states({ s1: "done" }), slots: 4 })).toEqual(["p"]);
});

test("a parallel node that failed, is held, or waits for one of those keeps no serial one back", () => {
  const graph = buildGraph([node("f"), node("h"), node("p", ["f"]), node("s", [], serial)]);
  expect(admit(graph, { stateOf: states({ f: "failed", h: "held" }), slots: 1 })).toEqual(["s"]);
});

test("nothing starts beside a serial node, also not a parallel one that was added meanwhile", () => {
  const graph = buildGraph([node("s", [], serial), node("new")]);
  expect(admit(graph, { stateOf: states({ s: "running" }), slots: 4 })).toEqual([]);
});

test("in any state: only ready nodes, each once, never more than the slots, never a serial one in company", () => {
  fc.assert(
    fc.property(
      anyPlan(),
      fc.array(anyState, { minLength: 8, maxLength: 8 }),
      fc.nat({ max: 5 }),
      (nodes, drawn, slots) => {
        const stateOf = (id: string) => drawn[Number(id.slice(1))] ?? "waiting";
        const graph = buildGraph(nodes);
        const admitted = admit(graph, { stateOf, slots });
        const ready = readySet(graph, stateOf);
        const running = nodes.filter(({ id }) => stateOf(id) === "running");
        expect(admitted.length).toBeLessThanOrEqual(slots);
        expect(new Set(admitted).size).toBe(admitted.length);
        expect(admitted.every((id) => ready.includes(id))).toBe(true);
        if (admitted.some((id) => isSerial(nodes, id))) expect(admitted.length + running.length).toBe(1);
        if (running.some(({ parallel }) => !parallel)) expect(admitted).toEqual([]);
        if (running.length === 0 && ready.length > 0 && slots > 0) expect(admitted.length).toBeGreaterThan(0);
        expect(admit(buildGraph(nodes), { stateOf, slots })).toEqual(admitted);
      },
    ),
    { numRuns: 5_000 },
  );
});

test("driven to the end, every node of a sound plan runs, in dependency order, whatever ends first", () => {
  fc.assert(
    fc.property(soundPlan(), fc.integer({ min: 1, max: 4 }), fc.infiniteStream(fc.nat()), (nodes, agents, luck) => {
      const graph = buildGraph(nodes);
      const state = new Map<string, NodeState>();
      const stateOf = (id: string) => state.get(id) ?? "waiting";
      const finished: string[] = [];
      while (finished.length < nodes.length) {
        const running = [...state].filter(([, is]) => is === "running").map(([id]) => id);
        const started = admit(graph, { stateOf, slots: agents - running.length });
        for (const id of started) state.set(id, "running");
        const now = [...running, ...started];
        expect(now.length, "something runs until all is done").toBeGreaterThan(0);
        if (now.some((id) => isSerial(nodes, id))) expect(now.length).toBe(1);
        const ended = now[(luck.next().value ?? 0) % now.length] ?? "";
        expect(nodes.find(({ id }) => id === ended)?.dependsOn.every((d) => finished.includes(d))).toBe(true);
        state.set(ended, "done");
        finished.push(ended);
      }
    }),
    { numRuns: 1_000 },
  );
});

test("a failure stops only what depends on it", () => {
  fc.assert(
    fc.property(soundPlan(), fc.nat(), (nodes, pick) => {
      const graph = buildGraph(nodes);
      const broken = nodes[pick % nodes.length]?.id ?? "";
      const state = new Map<string, NodeState>();
      const stateOf = (id: string) => state.get(id) ?? "waiting";
      for (
        let started = admit(graph, { stateOf, slots: 3 });
        started.length > 0;
        started = admit(graph, { stateOf, slots: 3 })
      ) {
        for (const id of started) state.set(id, id === broken ? "failed" : "done");
      }
      for (const { id } of nodes) {
        const expected = id === broken ? "failed" : dependsOnIt(nodes, id, broken) ? "waiting" : "done";
        expect(stateOf(id)).toBe(expected);
      }
    }),
    { numRuns: 1_000 },
  );
});

function isSerial(nodes: readonly WorkNode[], id: string): boolean {
  return nodes.find((one) => one.id === id)?.parallel === false;
}

function dependsOnIt(nodes: readonly WorkNode[], id: string, other: string): boolean {
  const own = nodes.find((one) => one.id === id)?.dependsOn ?? [];
  return own.some((d) => d === other || dependsOnIt(nodes, d, other));
}
