import { expect, test } from "vitest";
import {
  admit,
  buildGraph,
  criticalPath,
  findCycle,
  mergeOrder,
  readySet,
  remainingLength,
  whyNot,
} from "../src/index.ts";
import { node } from "./plans.ts";

const MILLION = 1_000_000;

test("a chain of a million nodes overflows no stack, whatever is asked", () => {
  const nodes = Array.from({ length: MILLION }, (_, i) => node(`n${i}`, i === 0 ? [] : [`n${i - 1}`]));
  const graph = buildGraph(nodes);
  const waiting = () => "waiting" as const;
  expect(findCycle(graph)).toBeUndefined();
  expect(readySet(graph, waiting)).toEqual(["n0"]);
  expect(admit(graph, { stateOf: waiting, slots: 4 })).toEqual(["n0"]);
  expect(criticalPath(graph).length).toBe(MILLION);
  expect(remainingLength(graph, waiting).get("n0")).toBe(MILLION);
  expect(mergeOrder(graph, [`n${MILLION - 1}`, "n0"])).toEqual(["n0", `n${MILLION - 1}`]);
  const blockers = whyNot(graph, `n${MILLION - 1}`, waiting);
  expect(blockers.map(({ on, chain }) => [on, chain.length])).toEqual([
    [`n${MILLION - 2}`, 1],
    ["n0", MILLION - 1],
  ]);
});

test("a ring of a quarter of a million nodes is one cycle, found in one go", () => {
  const size = MILLION / 4;
  const nodes = Array.from({ length: size }, (_, i) => node(`n${i}`, [`n${(i + 1) % size}`]));
  const graph = buildGraph(nodes);
  expect(findCycle(graph)?.length).toBe(size);
  expect(whyNot(graph, "n5", () => "waiting").length).toBe(1_000);
});

test("a hundred layers in a circle, each node waiting for a whole layer, are searched in one sweep per node of a layer", () => {
  const size = 60;
  const layer = (l: number) => Array.from({ length: size }, (_, i) => `${(l + 100) % 100}.${i}`);
  const nodes = Array.from({ length: 100 }, (_, l) => layer(l).map((id) => node(id, layer(l - 1)))).flat();
  expect(findCycle(buildGraph(nodes))?.length).toBe(100);
});

test("a node with a hundred thousand dependencies and one with as many dependents", () => {
  const leaves = Array.from({ length: 100_000 }, (_, i) => node(`n${i}`, ["root"]));
  const graph = buildGraph([
    node("root"),
    ...leaves,
    node(
      "end",
      leaves.map(({ id }) => id),
    ),
  ]);
  expect(criticalPath(graph).path).toEqual(["root", "n0", "end"]);
  expect(admit(graph, { stateOf: (id) => (id === "root" ? "done" : "waiting"), slots: 2 })).toEqual(["n0", "n1"]);
  expect(whyNot(graph, "end", (id) => (id === "root" ? "failed" : "waiting")).length).toBe(1_000);
});
