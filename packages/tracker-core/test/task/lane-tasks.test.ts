import { expect, test } from "vitest";
import { canGoOn, type LaneTask, laneTasks, openedAt, type SpecFact } from "../../src/index.ts";
import { definition, lane } from "../builders.ts";
import { after, claimOf, defined, done, instant, place, SPEC, specOf, task } from "../task-builders.ts";

const TASKS = [task("T1"), task("T2", { dependsOn: ["T1"] }), task("T3", { ticked: true })];
const inLane = (name: string) => ({ place: place("w1", { lane: name }) });
const failed = (cancelled: boolean): SpecFact => ({
  type: "task-failed",
  spec: SPEC,
  task: "T1",
  epoch: 1,
  reason: "no way",
  cancelled,
});
const look = (facts: readonly SpecFact[], tasks = ["T1", "T2", "T3"], spec = SPEC): readonly LaneTask[] =>
  laneTasks(
    after([defined(TASKS), ...facts]),
    { id: lane("mine"), definition: definition({ spec, tasks }) },
    instant(60).at,
  );

test.each<[string, readonly SpecFact[], readonly string[], boolean]>([
  ["open where nothing is in the way, waiting behind it", [], ["open", "waits", "done"], true],
  ["held by the lane's own claim", [claimOf("T1", inLane("mine"))], ["held", "waits", "done"], true],
  ["waiting while another place holds it", [claimOf("T1", inLane("other"))], ["waits", "waits", "done"], false],
  [
    "waiting while its holder waits for something outside",
    [claimOf("T1", inLane("mine")), { type: "claim-waiting", spec: SPEC, task: "T1", epoch: 1, reason: "a key" }],
    ["waits", "waits", "done"],
    false,
  ],
  ["done, wherever that was done", done("T1"), ["done", "open", "done"], true],
  ["done when nobody shall do it", [claimOf("T1"), failed(true)], ["done", "waits", "done"], false],
  ["failed when its agent said so", [claimOf("T1"), failed(false)], ["failed", "waits", "done"], false],
  [
    "waiting when no branch holds its commit",
    [...done("T1"), { type: "work-lost", spec: SPEC, task: "T1", commit: "c-T1" }],
    ["waits", "waits", "done"],
    false,
  ],
  [
    "open again when it was rejected",
    [...done("T1"), { type: "pr-changed", spec: SPEC, task: "T1", by: "x", pr: { status: "rejected" } }],
    ["open", "waits", "done"],
    true,
  ],
])("a task of a lane is %s", (_, facts, kinds, goesOn) => {
  const tasks = look(facts);
  expect(tasks.map(({ kind }) => kind)).toEqual(kinds);
  expect(canGoOn(tasks)).toBe(goesOn);
});

test("a lane whose tasks are all done goes on, one whose task is gone from the file waits", () => {
  expect(canGoOn(look([], ["T3"]))).toBe(true);
  expect(look([], ["T9"])).toMatchObject([{ kind: "waits", reason: expect.stringContaining("does not define T9") }]);
  expect(look([], ["T1"], "009")).toMatchObject([{ kind: "waits", reason: "spec 009 is not there" }]);
  expect(laneTasks(after([]), { id: lane("x"), definition: definition({ tasks: ["T1"] }) }, instant(0).at)).toEqual([]);
});

test("what a task waits for is said with ids and in words", () => {
  expect(look([claimOf("T1", inLane("other"))])[1]).toEqual({
    task: "T2",
    kind: "waits",
    on: ["T1"],
    reason: "T2 waits for T1 (in progress by @claude, 1 min)",
  });
});

test("a task opens when the last that it waited for is done", () => {
  const spec = specOf(after([defined(TASKS), ...done("T1")]));
  expect([openedAt(spec, "T1"), openedAt(spec, "T2")]).toEqual([undefined, instant(3).at]);
});
