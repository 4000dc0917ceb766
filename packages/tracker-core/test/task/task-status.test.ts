import fc from "fast-check";
import { expect, test } from "vitest";
import {
  availableTo,
  blockersOf,
  isSatisfied,
  layerProgress,
  type SpecFact,
  type TaskDefinition,
  taskStatus,
} from "../../src/index.ts";
import { after, claimOf, defined, done, recordOf, SPEC, specOf, task } from "../task-builders.ts";
import { liveThrough, randomWishes } from "./random-progress.ts";

const RUNS = process.env["ORCHARD_LONG"] === "1" ? 20_000 : 400;

function ofEveryLife(look: (spec: ReturnType<typeof specOf>) => void): void {
  fc.assert(
    fc.property(randomWishes, (life) => look(specOf(liveThrough(life, () => undefined)))),
    { numRuns: RUNS },
  );
}

test("available is an open task that nothing blocks, blocked an open one that something does", () => {
  ofEveryLife((spec) => {
    for (const definition of spec.definition.tasks) {
      const record = spec.tasks[definition.id];
      const isOpen = record === undefined ? !definition.ticked : record.state === "open";
      const isFree = blockersOf(spec, definition).length === 0;
      const status = taskStatus(spec, definition);
      expect(status === "available").toBe(isOpen && isFree);
      expect(status === "blocked").toBe(isOpen && !isFree);
      if (!isOpen && record !== undefined) expect(status).toBe(record.state);
    }
  });
});

test("what is blocked names every unmet dependency, and nothing else", () => {
  ofEveryLife((spec) => {
    for (const definition of spec.definition.tasks) {
      const named = blockersOf(spec, definition).flatMap((blocker) => (blocker.kind === "task" ? [blocker.on] : []));
      expect(named).toEqual(definition.dependsOn.filter((on) => !isSatisfied(spec, on)));
    }
  });
});

test("available to an agent is what can be started: its own and everybody's, and with any the rest", () => {
  ofEveryLife((spec) => {
    const startable = spec.definition.tasks.filter((each) => {
      const status = taskStatus(spec, each);
      return status === "available" || (status === "changes_requested" && blockersOf(spec, each).length === 0);
    });
    const all = availableTo(spec, "claude", { any: true });
    expect(new Set(all)).toEqual(new Set(startable));
    expect(all.length).toBe(startable.length);
    const own = availableTo(spec, "claude");
    expect(own).toEqual(all.slice(0, own.length));
  });
});

test("the layers count every task once, and their words follow from the tasks'", () => {
  ofEveryLife((spec) => {
    const layers = layerProgress(spec);
    expect(layers.flatMap(({ tasks }) => tasks.map(({ definition }) => definition.id)).toSorted()).toEqual(
      spec.definition.tasks.map(({ id }) => id).toSorted(),
    );
    for (const { tasks, completed, total, status, waitingFor, number } of layers) {
      const words = tasks.map(({ definition }) => taskStatus(spec, definition));
      expect(total).toBe(tasks.length);
      expect(completed).toBe(words.filter((word) => word === "completed").length);
      expect(status === "completed").toBe(completed === total);
      if (status === "blocked") expect(new Set(words)).toEqual(new Set(["blocked"]));
      if (status === "available") expect(words.every((word) => word === "available" || word === "blocked")).toBe(true);
      for (const on of waitingFor) expect(spec.definition.tasks.find(({ id }) => id === on)?.layer).not.toBe(number);
    }
  });
});

const base = [task("T1"), task("T2", { dependsOn: ["T1"] }), task("T3", { dependsOn: ["T2", "T9"] })];
const about = { spec: SPEC, task: "T1" } as const;
const rejected: SpecFact = { type: "pr-changed", ...about, by: "x", pr: { status: "rejected" } };

test.each([
  ["open", "T2", [], [["T1", "available"]]],
  ["worked on", "T2", [claimOf("T1")], [["T1", "in_progress"]]],
  ["done", "T2", done("T1"), []],
  ["rejected", "T2", [...done("T1"), rejected], [["T1", "changes_requested"]]],
  ["lost", "T2", [...done("T1"), { type: "work-lost", ...about, commit: "c-T1" }], [["T1", "lost"]]],
  [
    "blocked itself, or unknown",
    "T3",
    [],
    [
      ["T2", "blocked"],
      ["T9", "unknown"],
    ],
  ],
] as const)("a dependency that is %s", (_name, id, facts, blockers) => {
  const spec = specOf(after([defined(base), ...(facts as readonly SpecFact[])]));
  const found = blockersOf(spec, spec.definition.tasks.find((each) => each.id === id)!);
  expect(found.map((blocker) => (blocker.kind === "task" ? [blocker.on, blocker.status] : blocker))).toEqual(blockers);
});

test("with completeOn merge a dependency counts once the base contains it", () => {
  const rules = { rules: { completeOn: "merge" } } as const;
  const unlanded = after([defined(base, rules), ...done("T1")]);
  const second = (progress: typeof unlanded) => blockersOf(specOf(progress), specOf(progress).definition.tasks[1]!);
  expect(second(unlanded)).toMatchObject([{ on: "T1", status: "unlanded" }]);
  expect(second(after([{ type: "work-landed", ...about, commit: "m" }], unlanded))).toEqual([]);
});

test("with hard layers the lowest layer that has not landed whole blocks those above it", () => {
  const tasks = [task("T1"), task("T2", { layer: 2 }), task("T3", { layer: 3 })];
  const progress = after([defined(tasks, { rules: { layers: "hard" } }), ...done("T1")]);
  const blockers = (state: typeof progress) =>
    specOf(state).definition.tasks.map((each) => blockersOf(specOf(state), each));
  expect(blockers(progress)).toEqual([[], [{ kind: "layer", layer: 1 }], [{ kind: "layer", layer: 1 }]]);
  const landed = after([{ type: "work-landed", ...about, commit: "m" }], progress);
  expect(blockers(landed)).toEqual([[], [], [{ kind: "layer", layer: 2 }]]);
});

test("a circle of dependencies blocks its tasks and ends the search", () => {
  const spec = specOf(after([defined([task("T1", { dependsOn: ["T2"] }), task("T2", { dependsOn: ["T1"] })])]));
  expect(spec.definition.tasks.map((each) => taskStatus(spec, each))).toEqual(["blocked", "blocked"]);
});

test("a removed task keeps its record", () => {
  const progress = after([defined(base), ...done("T1"), defined(base.slice(1))]);
  expect(recordOf(progress, "T1")?.state).toBe("completed");
  expect(specOf(progress).definition.tasks.map((each) => taskStatus(specOf(progress), each))).toEqual([
    "available",
    "blocked",
  ]);
});

test("ten thousand tasks in a hundred layers are counted", () => {
  const tasks: TaskDefinition[] = Array.from({ length: 10_000 }, (_, index) => {
    const layer = Math.floor(index / 100) + 1;
    const dependsOn =
      layer === 1
        ? []
        : Array.from({ length: 10 }, (__, step) => `T${index - 100 - (index % 100) + ((index + step) % 100)}`);
    return task(`T${index}`, { layer, dependsOn });
  });
  const facts = tasks.slice(0, 5_050).map((each) => each.id);
  const records = Object.fromEntries(
    facts.map((id) => [id, { id, state: "completed", stateChangedAt: "", epoch: 1, notes: [], late: [] } as const]),
  );
  const spec = { ...specOf(after([defined(tasks)])), tasks: records };
  const layers = layerProgress(spec);
  expect(layers.length).toBe(100);
  expect(layers.reduce((sum, { completed }) => sum + completed, 0)).toBe(5_050);
  expect(layers.filter(({ status }) => status === "completed").length).toBe(50);
  expect(layers[50]).toMatchObject({ completed: 50, status: "in_progress", blockingLayers: [52] });
  expect(availableTo(spec, undefined, { any: true }).length).toBeGreaterThanOrEqual(50);
});
