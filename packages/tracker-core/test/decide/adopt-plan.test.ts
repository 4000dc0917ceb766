import { expect, test } from "vitest";
import { adoptPlan, evolveTracker, keptLanes, lanesInOrder, replaceableLanes, type Tracker } from "../../src/index.ts";
import { added, after, at, definition, findCycle, initialised, lane, said, steps } from "../builders.ts";

const planned = { planned: { gaps: [] } } as const;

test("the lanes of a plan come in its order, and the same plan again changes nothing", () => {
  const { tracker } = adopt(after(initialised), ["b", "a"]);
  expect(lanesInOrder(tracker).map(({ id }) => id)).toEqual(["b", "a"]);
  expect(adopt(tracker, ["b", "a"]).facts).toEqual([]);
  expect(lanesInOrder(adopt(tracker, ["a", "b"]).tracker).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a newer plan replaces what nothing was done for; a lane that was added by hand stays", () => {
  const { tracker } = adopt(after(initialised, added("hand")), ["a", "b"]);
  const { tracker: newer, outcome } = adopt(tracker, ["b", "c"]);
  expect(lanesInOrder(newer).map(({ id }) => id)).toEqual(["hand", "b", "c"]);
  expect(outcome).toEqual({ added: ["b", "c"], withdrawn: ["a"] });
});

test("a planned lane that something was done for stays, and so does what a lane that stays waits for", () => {
  const lanes = ["a", "b", "c", "d"].map((id) => added(id, { ...planned, dependsOn: id === "b" ? [lane("c")] : [] }));
  const tracker = after(initialised, ...lanes, added("hand", { dependsOn: [lane("b")] }), ...steps.preparing("a"));
  expect(replaceableLanes(tracker).map(({ id }) => id)).toEqual(["d"]);
  expect(keptLanes(tracker).map(({ id }) => id)).toEqual(["a", "b", "c", "hand"]);
  expect(said(() => adopting(tracker, [{ id: "a" }]))).toBe("LANE_EXISTS");
});

test.each([
  ["a lane that waits for nothing known", [{ id: "a", dependsOn: ["gone"] }], "UNKNOWN_DEPENDENCY"],
  [
    "lanes that wait for each other",
    [
      { id: "a", dependsOn: ["b"] },
      { id: "b", dependsOn: ["a"] },
    ],
    "DEPENDENCY_CYCLE",
  ],
  ["a task that another lane has", [{ id: "a", spec: "001-x", tasks: ["T1"] }], "TASK_IN_LANE"],
])("refused: %s", (_name, lanes, code) => {
  const tracker = after(initialised, added("hand", { spec: "001-x", tasks: ["T1"] }));
  expect(said(() => adopting(tracker, lanes))).toBe(code);
});

interface Wanted {
  readonly id: string;
  readonly dependsOn?: readonly string[];
  readonly spec?: string;
  readonly tasks?: readonly string[];
}

function adopting(tracker: Tracker, lanes: readonly Wanted[]) {
  const intents = lanes.map(({ id, dependsOn = [], ...rest }) => {
    return { lane: lane(id), definition: definition({ ...planned, ...rest, dependsOn: dependsOn.map(lane) }) };
  });
  const { facts, outcome } = adoptPlan(tracker, { lanes: intents, attemptsAllowed: 2 }, findCycle);
  return { facts, outcome: JSON.stringify(outcome), adopted: outcome };
}

function adopt(tracker: Tracker, ids: readonly string[]) {
  const { facts, adopted } = adopting(
    tracker,
    ids.map((id) => ({ id })),
  );
  return {
    tracker: facts.reduce((state, fact) => evolveTracker(state, fact, at(99)), tracker),
    facts,
    outcome: adopted,
  };
}
