import { expect, test } from "vitest";
import { buildGraph, observe, readySet } from "../src/index.ts";
import { node, states } from "./plans.ts";

test("unknown and repeated ids are values, not exceptions", () => {
  const graph = buildGraph([node("a", ["ghost"]), node("b", ["a"]), node("a", ["b"])]);
  expect(graph.ids).toEqual(["a", "b"]);
  expect(graph.unknown).toEqual([{ id: "a", dependsOn: "ghost" }]);
  expect(graph.duplicates).toEqual(["a"]);
});

test("a dependency written twice counts once", () => {
  const graph = buildGraph([node("a"), node("b", ["a", "a"])]);
  expect(readySet(graph, states({ a: "done" }))).toEqual(["b"]);
  expect([...graph.dependencies.target]).toEqual([0]);
});

test("names that JavaScript objects have are ordinary ids", () => {
  const graph = buildGraph([
    node("__proto__"),
    node("constructor", ["__proto__"]),
    node("toString", ["hasOwnProperty"]),
  ]);
  expect(readySet(graph, states({}))).toEqual(["__proto__"]);
  expect(graph.unknown).toEqual([{ id: "toString", dependsOn: "hasOwnProperty" }]);
});

test("an empty plan has an answer to every question", () => {
  const graph = buildGraph([]);
  expect(readySet(graph, () => "waiting")).toEqual([]);
  expect(graph.order.length).toBe(0);
});

test("a state is asked once for every node, with its place in the plan", () => {
  const asked: [string, number][] = [];
  const graph = buildGraph([node("a"), node("b", ["a"]), node("c", ["a", "b"])]);
  const now = observe(graph, (id, index) => {
    asked.push([id, index]);
    return "waiting";
  });
  expect(readySet(graph, now)).toEqual(["a"]);
  expect(asked).toEqual([
    ["a", 0],
    ["b", 1],
    ["c", 2],
  ]);
});
