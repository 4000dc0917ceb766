import { whyNotAnId } from "@orchard/kernel";
import fc from "fast-check";
import { expect, test } from "vitest";
import { buildGraph, findCycle, type LanePlan, lanesFromGaps, type PlannedLane } from "../../src/index.ts";
import { anyItems, anyKept, item } from "./items.ts";

const RUNS = { numRuns: 500 };

test("gaps that touch the same file are one lane, each after those it depends on", () => {
  const { lanes } = lanesFromGaps([
    item("b", { files: ["src/x.ts"], dependsOn: ["c"] }),
    item("a", { files: ["docs/x.md"] }),
    item("c", { files: ["src/x.ts"] }),
  ]);
  expect(lanes.map(({ items }) => items)).toEqual([["a"], ["c", "b"]]);
});

test("a folder counts for every file below it", () => {
  const { lanes } = lanesFromGaps([item("all", { files: ["src/"] }), item("one", { files: ["src/deep/x.ts"] })]);
  expect(lanes).toHaveLength(1);
  expect(lanesFromGaps([item("all", { files: ["src"] }), item("one", { files: ["src2/x.ts"] })]).lanes).toHaveLength(2);
});

test("groups that would wait for each other become one lane", () => {
  const { lanes, cycles } = lanesFromGaps([
    item("a1", { files: ["a"], dependsOn: ["b1"] }),
    item("a2", { files: ["a"] }),
    item("b1", { files: ["b"] }),
    item("b2", { files: ["b"], dependsOn: ["a2"] }),
  ]);
  expect(lanes.map(({ items }) => items)).toEqual([["a2", "b1", "a1", "b2"]]);
  expect(cycles).toEqual([]);
});

test("gaps that wait for each other are named, and done in one lane", () => {
  const { lanes, cycles } = lanesFromGaps([item("x", { dependsOn: ["y"] }), item("y", { dependsOn: ["x"] })]);
  expect(cycles).toEqual([["x", "y"]]);
  expect(lanes.map(({ items }) => items)).toEqual([["x", "y"]]);
});

test("a group with too many tasks becomes a chain of lanes", () => {
  const many = Array.from({ length: 7 }, (_, n) => item(`g${n + 1}`, { files: ["package.json"], size: 2 }));
  const { lanes } = lanesFromGaps(many, { tasksPerLane: 6 });
  expect(lanes.map(({ id, items, dependsOn }) => [id, items.length, dependsOn])).toEqual([
    ["g1", 3, []],
    ["g4", 3, ["g1"]],
    ["g7", 1, ["g4"]],
  ]);
});

test("lanes of tasks that order themselves are never cut", () => {
  const many = Array.from({ length: 30 }, (_, n) => item(`T${n + 1}`, { files: ["x"], of: "001" }));
  expect(lanesFromGaps(many).lanes.map(({ items, of }) => [items.length, of])).toEqual([[30, "001"]]);
});

test("what waits for one thing alone goes on in its lane; where work could go side by side it does", () => {
  const chain = lanesFromGaps([item("a"), item("b", { dependsOn: ["a"] }), item("c", { dependsOn: ["b"] })]);
  expect(chain.lanes.map(({ items }) => items)).toEqual([["a", "b", "c"]]);
  const fork = lanesFromGaps([item("a"), item("b", { dependsOn: ["a"] }), item("c", { dependsOn: ["a"] })]);
  expect(fork.lanes.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ["a", []],
    ["b", ["a"]],
    ["c", ["a"]],
  ]);
});

test("small gaps of one topic share a lane until it is full; urgent ones do not wait in it", () => {
  const gaps = [1, 2, 3, 4].map((n) => item(`t${n}`, { topic: "todo src", size: 3, files: [`src/${n}.ts`] }));
  const { lanes } = lanesFromGaps([...gaps, item("t5", { topic: "todo src", priority: 0 })], { tasksPerLane: 9 });
  expect(lanes.map(({ items }) => items)).toEqual([["t5"], ["t1", "t2", "t3"], ["t4"]]);
});

test("lanes of different things that touch the same file go one after the other, the more urgent first", () => {
  const { lanes } = lanesFromGaps([
    item("gap", { files: ["src/x.ts"] }),
    item("T1", { files: ["src/x.ts"], of: "001", priority: 0 }),
  ]);
  expect(lanes.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
    ["t1", []],
    ["gap", ["t1"]],
  ]);
});

test("a lane that is there stays, keeps its name, and goes before a planned one that touches the same file", () => {
  const { lanes } = lanesFromGaps([item("hand", { files: ["src/x.ts"] })], {
    kept: [{ id: "hand", files: ["src"] }],
    taken: ["hand-2"],
  });
  expect(lanes.map(({ id, dependsOn }) => [id, dependsOn])).toEqual([["hand-3", ["hand"]]]);
});

test("a dependency on nothing orders nothing and is named", () => {
  const { lanes, unknown } = lanesFromGaps([item("a", { dependsOn: ["gone"] })]);
  expect(lanes.map(({ dependsOn }) => dependsOn)).toEqual([[]]);
  expect(unknown).toEqual([{ id: "a", dependsOn: "gone" }]);
});

test("numbers in ids count as numbers", () => {
  const { lanes } = lanesFromGaps(["T10", "T9", "T100"].map((id) => item(id)));
  expect(lanes.map(({ id }) => id)).toEqual(["t9", "t10", "t100"]);
});

test("nobody else's change renames a lane", () => {
  const before = lanesFromGaps([item("b", { files: ["b"] }), item("c", { files: ["c"] })]);
  const after = lanesFromGaps([item("a", { files: ["a"] }), item("b", { files: ["b"] }), item("c", { files: ["c"] })]);
  expect(after.lanes.slice(1)).toEqual(before.lanes);
});

test("every item is in exactly one lane, whatever is given", () => {
  fc.assert(
    fc.property(anyItems(), (items) => {
      const planned = lanesFromGaps(items).lanes.flatMap((lane) => lane.items);
      expect(planned.toSorted()).toEqual([...new Set(items.map(({ id }) => id))].sort());
    }),
    RUNS,
  );
});

test("no lane waits for itself, however items are grouped, and all it waits for is there", () => {
  fc.assert(
    fc.property(anyItems(), anyKept, (items, kept) => {
      const { lanes } = lanesFromGaps(items, { kept, tasksPerLane: 4 });
      const graph = graphOf(lanes, kept);
      expect(findCycle(graph)).toBeUndefined();
      expect(graph.unknown).toEqual([]);
      expect(graph.duplicates).toEqual([]);
    }),
    RUNS,
  );
});

test("the order in which things are given does not matter", () => {
  fc.assert(
    fc.property(
      anyItems().chain((items) => fc.tuple(fc.constant(items), shuffled(items))),
      ([items, other]) => {
        expect(lanesFromGaps(other, { tasksPerLane: 4 })).toEqual(lanesFromGaps(items, { tasksPerLane: 4 }));
      },
    ),
    RUNS,
  );
});

test("two lanes that touch the same file are ordered", () => {
  fc.assert(
    fc.property(anyItems(), anyKept, (items, kept) => {
      const { lanes } = lanesFromGaps(items, { kept, tasksPerLane: 3 });
      const reach = reachable(lanes);
      for (const [at, lane] of lanes.entries()) {
        const others = [...kept, ...lanes.slice(0, at)].filter((other) => overlap(other.files, lane.files));
        for (const { id } of others) expect(reach.get(lane.id)).toContain(id);
      }
    }),
    RUNS,
  );
});

test("what an item depends on comes before it, in its lane or in one that goes first", () => {
  fc.assert(
    fc.property(anyItems(), (items) => {
      const plan = lanesFromGaps(items, { tasksPerLane: 3 });
      const reach = reachable(plan.lanes);
      for (const [id, on] of soundDependencies(items, plan)) {
        const [lane, first] = [laneOf(plan.lanes, id), laneOf(plan.lanes, on)];
        if (lane === first) expect(lane.items.indexOf(on)).toBeLessThan(lane.items.indexOf(id));
        else expect(reach.get(lane.id)).toContain(first.id);
      }
    }),
    RUNS,
  );
});

test("names are lane ids, each once, none of them taken; lanes are of one thing and as large as they may be", () => {
  fc.assert(
    fc.property(anyItems(), anyKept, (items, kept) => {
      const { lanes, cycles } = lanesFromGaps(items, { kept, tasksPerLane: 5 });
      const ofWhat = new Map(items.map(({ id, of }) => [id, of]));
      const sizes = new Map(items.map(({ id, size }) => [id, size]));
      const isRepeated = new Set(items.map(({ id }) => id)).size < items.length;
      for (const lane of lanes) {
        expect(whyNotAnId(lane.id, "lower case")).toBeUndefined();
        if (isRepeated) continue;
        expect(new Set(lane.items.map((id) => ofWhat.get(id))).size).toBe(1);
        const size = lane.items.reduce((sum, id) => sum + (sizes.get(id) ?? 0), 0);
        const mayBeLarger = lane.of !== undefined || lane.items.length === 1 || cycles.length > 0;
        if (!mayBeLarger) expect(size).toBeLessThanOrEqual(5);
      }
    }),
    RUNS,
  );
});

test("ten thousand gaps are planned", () => {
  const gaps = Array.from({ length: 10_000 }, (_, n) =>
    item(`g${n}`, {
      files: ["src", `src/${n % 700}/x.ts`].slice(n === 0 ? 0 : 1),
      dependsOn: [`g${n * 2}`],
      topic: "t",
    }),
  );
  const { lanes } = lanesFromGaps(gaps);
  expect(lanes.flatMap(({ items }) => items)).toHaveLength(10_000);
});

test("control: lanes by files alone wait for each other", () => {
  const items = [
    item("a1", { files: ["a"], dependsOn: ["b1"] }),
    item("a2", { files: ["a"] }),
    item("b1", { files: ["b"] }),
    item("b2", { files: ["b"], dependsOn: ["a2"] }),
  ];
  const byFile = (id: string) => items.find((one) => one.id === id)?.files[0] ?? "";
  const naive = ["a", "b"].map((file) => ({
    id: file,
    dependsOn: items.filter((one) => one.files[0] === file).flatMap((one) => one.dependsOn.map(byFile)),
  }));
  expect(findCycle(graphOf(naive, []))).toEqual(["a", "b"]);
});

function graphOf(lanes: readonly Pick<PlannedLane, "id" | "dependsOn">[], kept: readonly { readonly id: string }[]) {
  const rest = { priority: 1, parallel: true, weight: 1 };
  return buildGraph([
    ...kept.map(({ id }) => ({ id, dependsOn: [], ...rest })),
    ...lanes.map((lane) => ({ ...lane, ...rest })),
  ]);
}

/** All that each lane waits for, near and far; lanes come after what they wait for. */
function reachable(lanes: readonly PlannedLane[]): ReadonlyMap<string, ReadonlySet<string>> {
  const reach = new Map<string, Set<string>>();
  for (const { id, dependsOn } of lanes) {
    reach.set(id, new Set(dependsOn.flatMap((on) => [on, ...(reach.get(on) ?? [])])));
  }
  return reach;
}

function laneOf(lanes: readonly PlannedLane[], id: string): PlannedLane {
  const found = lanes.find(({ items }) => items.includes(id));
  if (found === undefined) throw new Error(`${id} is in no lane`);
  return found;
}

/** Pairs of an item and one that it depends on, without those that lead into a circle. */
function soundDependencies(
  items: readonly Parameters<typeof lanesFromGaps>[0][number][],
  { cycles, duplicates, unknown }: LanePlan,
) {
  const odd = new Set(duplicates);
  return items.flatMap(({ id, dependsOn }) =>
    dependsOn
      .filter((on) => cycles.length === 0 && !odd.has(id) && !odd.has(on))
      .filter((on) => !unknown.some((one) => one.id === id && one.dependsOn === on))
      .map((on) => [id, on] as const),
  );
}

function overlap(a: readonly string[], b: readonly string[]): boolean {
  const plain = (path: string) => path.replace(/^\.\//, "").replace(/\/$/, "");
  const holds = (x: string, y: string) => x === y || y.startsWith(`${x}/`);
  return a.some((x) => b.some((y) => holds(plain(x), plain(y)) || holds(plain(y), plain(x))));
}

function shuffled<T>(values: readonly T[]): fc.Arbitrary<readonly T[]> {
  return fc.shuffledSubarray([...values], { minLength: values.length });
}
