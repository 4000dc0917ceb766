import { expect, test } from "vitest";
import { addLane, EMPTY_TRACKER, presentAttempts, type Tracker } from "../../src/index.ts";
import { added, after, definition, findCycle, initialised, lane, said, steps, withLane } from "../builders.ts";

interface Intent {
  readonly id?: string;
  readonly dependsOn?: readonly string[];
  readonly replace?: boolean;
}

const home = after(initialised);
const add = (tracker: Tracker, { id = "b", dependsOn = [], replace = false }: Intent) =>
  said(() =>
    addLane(
      tracker,
      {
        lane: lane(id),
        definition: definition({ dependsOn: dependsOn.map(lane) }),
        attemptsAllowed: 2,
        replace,
      },
      findCycle,
    ),
  );

const ADDED = { facts: ["lane-added"], outcome: "added" };
const REPLACED = { facts: ["lane-added"], outcome: "replaced" };

const ANEW = { facts: ["retry-requested", "lane-added"], outcome: "replaced" };

const T1 = { spec: "001-x", tasks: ["T1"] } as const;
const addTask = (tracker: Tracker, spec: string) =>
  said(() =>
    addLane(
      tracker,
      { lane: lane("b"), definition: definition({ spec, tasks: ["T2", "T1"] }), attemptsAllowed: 2, replace: false },
      findCycle,
    ),
  );

test("a task is in one lane, until that lane is over", () => {
  expect(addTask(after(initialised, added("a", T1)), "001-x")).toBe("TASK_IN_LANE");
  expect(addTask(after(initialised, added("a", T1)), "002-y")).toEqual(ADDED);
  expect(addTask(after(initialised, added("a", { tasks: ["T1"] })), "001-x")).toEqual(ADDED);
  const stopped = { type: "lane-stopped", lane: lane("a"), reason: "asked" } as const;
  expect(addTask(after(initialised, added("a", T1), stopped), "001-x")).toEqual(ADDED);
});

test.each<[string, Tracker, Intent, unknown]>([
  ["a lane is added", home, {}, ADDED],
  ["nothing is added before init", EMPTY_TRACKER, {}, "NOT_INITIALISED"],
  ["a lane may depend on another", withLane(), { dependsOn: ["a"] }, ADDED],
  ["a lane that does not exist is no dependency", home, { dependsOn: ["ghost"] }, "UNKNOWN_DEPENDENCY"],
  ["a key of every object is no dependency", home, { dependsOn: ["tostring"] }, "UNKNOWN_DEPENDENCY"],
  ["a lane does not depend on itself", home, { dependsOn: ["b"] }, "DEPENDENCY_CYCLE"],
  [
    "a replacement does not close a circle",
    after(initialised, added("a"), added("b", { dependsOn: [lane("a")] })),
    { id: "a", dependsOn: ["b"], replace: true },
    "DEPENDENCY_CYCLE",
  ],
  ["an existing id is refused", withLane(), { id: "a" }, "LANE_EXISTS"],
  ["a pending lane is replaced when asked", withLane(), { id: "a", replace: true }, REPLACED],
  ["a running lane is never replaced", withLane(steps.running("a")), { id: "a", replace: true }, "LANE_EXISTS"],
  ["a completed lane is never replaced", withLane(steps.completed("a")), { id: "a", replace: true }, "LANE_EXISTS"],
  [
    "a failed lane is replaced when asked, and begins anew",
    withLane(steps.failed("a")),
    { id: "a", replace: true },
    ANEW,
  ],
  ["a failed lane is not replaced unless asked", withLane(steps.failed("a")), { id: "a" }, "LANE_EXISTS"],
  ["a lane may depend on a failed one", withLane(steps.failed("a")), { dependsOn: ["a"] }, ADDED],
])("%s", (_name, tracker, intent, expected) => expect(add(tracker, intent)).toEqual(expected));

test("an existing lane is refused with the id, and with what may be done", () => {
  const refused = () =>
    addLane(withLane(), { lane: lane("a"), definition: definition(), attemptsAllowed: 2, replace: false }, findCycle);
  expect(refused).toThrow(expect.objectContaining({ message: 'Lane "a" exists already and is pending.', exitCode: 3 }));
  const again = () =>
    addLane(
      withLane(steps.landed("a")),
      { lane: lane("a"), definition: definition(), attemptsAllowed: 2, replace: false },
      findCycle,
    );
  expect(again).toThrow('Lane "a" exists already and has landed.');
});

test("a circle is named closed, from a lane back to itself", () => {
  const circle = after(initialised, added("a"), added("b", { dependsOn: [lane("a")] }));
  const refused = () =>
    addLane(
      circle,
      { lane: lane("a"), definition: definition({ dependsOn: [lane("b")] }), attemptsAllowed: 2, replace: true },
      findCycle,
    );
  expect(refused).toThrow(/b → a → b|a → b → a/);
});

test("a new definition keeps what the lane did before (its attempts, its place in the plan, its old worktree), none of it as its own", () => {
  const before = withLane([
    ...steps.failed("a"),
    { type: "retry-requested", lane: lane("a"), fresh: true, attempts: 2 },
  ]);
  const { facts } = addLane(
    before,
    { lane: lane("a"), definition: definition({ tasks: ["other"] }), attemptsAllowed: 3, replace: true },
    findCycle,
  );
  const now = after(
    initialised,
    added("a"),
    ...steps.failed("a"),
    { type: "retry-requested", lane: lane("a"), fresh: true, attempts: 2 },
    ...facts,
  ).lanes["a"];
  expect(now).toMatchObject({ state: "pending", order: 0, attemptsAllowed: 4, definition: { tasks: ["other"] } });
  expect(now?.attempts).toHaveLength(1);
  expect(presentAttempts(now?.attempts ?? [])).toEqual([]);
  expect(now?.failure).toBeUndefined();
  expect(now?.worktree?.path).toBe(".worktrees/agent-a");
  expect(now?.freshRequested).toBe(true);
});
