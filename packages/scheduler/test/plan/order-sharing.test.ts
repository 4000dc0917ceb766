import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, findCycle, orderSharing } from "../../src/index.ts";

const lane = (id: string, files: readonly string[], dependsOn: readonly string[] = [], priority = 1) => {
  return { id, files, dependsOn, priority };
};

test("lanes that touch the same file go one after the other, the more urgent first", () => {
  const ordered = orderSharing([lane("a", ["src/x"]), lane("b", ["src"], [], 0), lane("c", ["docs"])]);
  expect(Object.fromEntries(ordered)).toEqual({ b: [], a: ["b"], c: [] });
});

test("what a lane waits for already is respected", () => {
  const ordered = orderSharing([lane("a", ["x"], ["b"], 0), lane("b", ["x"], [], 2)]);
  expect(Object.fromEntries(ordered)).toEqual({ b: [], a: ["b"] });
});

test("lanes that wait for each other are left so", () => {
  const ordered = orderSharing([lane("a", ["x"], ["b"]), lane("b", ["x"], ["a"]), lane("c", ["x"])]);
  expect(Object.fromEntries(ordered)).toEqual({ a: ["b"], b: ["a"], c: [] });
});

test("no cycle comes of it", () => {
  const name = fc.nat({ max: 7 }).map(String);
  const anyLane = fc.record({
    id: name,
    files: fc.array(fc.constantFrom("src", "src/a", "src/b", "docs"), { maxLength: 3 }),
    before: fc.array(name, { maxLength: 3 }),
    priority: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(anyLane, { selector: ({ id }) => id }), (lanes) => {
      const sound = lanes.map(({ before, ...rest }) => ({
        ...rest,
        dependsOn: before.filter((on) => Number(on) < Number(rest.id) && lanes.some(({ id }) => id === on)),
      }));
      const nodes = [...orderSharing(sound)].map(([id, dependsOn]) => {
        return { id, dependsOn, priority: 1, parallel: true, weight: 1 };
      });
      expect(findCycle(buildGraph(nodes))).toBeUndefined();
      expect(nodes).toHaveLength(lanes.length);
    }),
  );
});
