import { expect, test } from "vitest";
import {
  abandonUndo,
  EMPTY_TRACKER,
  evolveTracker,
  findLane,
  intendBaseMerge,
  intendUndo,
  type Lane,
  landStep,
  recordUndo,
  type Tracker,
  type TrackerFact,
  type UndoPlan,
} from "../../src/index.ts";
import { added, lane, steps, work } from "../builders.ts";

const AT = "2026-11-21T12:00:00.000Z";
const OWNER = { host: "h", pidNamespace: "n", pid: 1, startTime: "1", bootId: "b" };
const HOME: TrackerFact = {
  type: "tracker-initialized",
  mainRepo: "/r",
  worktreesDir: "/r/.worktrees",
  base: "refs/heads/main",
  configHash: "",
};
const READY = after(EMPTY_TRACKER, [HOME]);
const PLAN: UndoPlan = { id: "undo-1", operations: ["merge-1"], owner: OWNER, steps: [] };

test("an undo is announced once; another that was planned on the same picture is refused, also after the first ended", () => {
  const announced = after(READY, intendUndo(READY, { plan: PLAN, undos: 0 }).facts);
  expect(announced.undoing).toEqual(PLAN);
  const other = { plan: { ...PLAN, id: "undo-2" }, undos: 0 };
  expect(() => intendUndo(announced, other)).toThrow(expect.objectContaining({ code: "UNDO_ACTIVE" }));
  const ended = after(announced, recordUndo(announced, "undo-1", () => []).facts);
  expect(ended.undoing).toBeUndefined();
  expect(() => intendUndo(ended, other)).toThrow(expect.objectContaining({ code: "UNDO_ACTIVE" }));
  expect(intendUndo(ended, { ...other, undos: 1 }).facts).toHaveLength(1);
});

test("what an undo did and that it ended is one record, and nothing the second time", () => {
  const announced = after(READY, intendUndo(READY, { plan: PLAN, undos: 0 }).facts);
  expect(recordUndo(announced, "undo-1", () => []).facts).toEqual([
    { type: "undo-ended", id: "undo-1", outcome: "done" },
  ]);
  expect(recordUndo(announced, "undo-2", () => []).facts).toEqual([]);
  expect(recordUndo(READY, "undo-1", () => []).facts).toEqual([]);
  const given = after(announced, abandonUndo(announced, { id: "undo-1", reason: "stale" }).facts);
  expect(given.undoing).toBeUndefined();
  expect(abandonUndo(given, { id: "undo-1", reason: "stale" }).facts).toEqual([]);
});

test("a lane that went on after the undo was announced is not put back; where that was all, the undo is given up and says so", () => {
  const one = after(READY, [added("one"), added("two")]);
  const back = (id: string) => ({ kind: "putBack", lane: lane(id), to: null, from: laneOf(one, id) }) as const;
  const both = after(one, [{ type: "undo-intended", undo: { ...PLAN, steps: [back("one"), back("two")] } }]);
  const begun = after(both, steps.preparing("one"));
  const { outcome, facts } = recordUndo(begun, "undo-1", () => []);
  expect(outcome).toEqual({ kind: "done", wentOn: ["one"] });
  const done = after(begun, facts);
  expect([laneOf(done, "one")?.state, laneOf(done, "two")]).toEqual(["preparing", null]);

  const alone = after(one, [
    { type: "undo-intended", undo: { ...PLAN, steps: [back("one")] } },
    ...steps.preparing("one"),
  ]);
  const given = recordUndo(alone, "undo-1", () => []);
  expect(given.outcome).toEqual({ kind: "abandoned", wentOn: ["one"] });
  expect(after(alone, given.facts)).toMatchObject({ undoing: undefined, lanes: { one: { state: "preparing" } } });
});

test("a lane whose worktree the undo itself brought back is put back with that worktree", () => {
  const path = ".worktrees/agent-one";
  const made = after(READY, [
    added("one"),
    ...steps.preparing("one"),
    { type: "attempt-failed", lane: ONE, cause: "no-start", reason: "it did not start" },
    { type: "worktree-removed", lane: ONE, path, number: 1, rescue: "r", trash: "t", why: "clean" },
  ]);
  const aside = laneOf(made, "one");
  const taken = [
    { kind: "putBack", lane: ONE, to: aside, from: aside },
    { kind: "restore", lane: ONE, number: 1, path },
  ] as const;
  const restored = after(made, [
    { type: "undo-intended", undo: { ...PLAN, steps: taken } },
    { type: "worktree-restored", lane: ONE, number: 1, path },
  ]);
  const { facts, outcome } = recordUndo(restored, "undo-1", () => []);
  expect(outcome).toEqual({ kind: "done", wentOn: [] });
  expect(laneOf(after(restored, facts), "one")).toMatchObject({ worktree: { path }, setAside: undefined });
});

test("nothing is announced to land between the steps of an undo", () => {
  const head = "1".repeat(40);
  const done = after(READY, [added("one")]);
  const completed = { ...laneOf(done, "one"), state: "completed", work: work(head) } as Lane;
  const tracker: Tracker = { ...done, lanes: { one: completed } };
  const step = { type: "landing-intended", lane: ONE, head, from: "a", candidate: "b" } as const;
  expect(landStep(tracker, step).outcome).toBe("recorded");
  const undoing: Tracker = { ...tracker, undoing: PLAN };
  expect(landStep(undoing, step)).toEqual({ facts: [], outcome: "undoing" });
  expect(intendBaseMerge(tracker, { from: "a", candidate: "b" }).facts).toHaveLength(1);
  expect(intendBaseMerge(undoing, { from: "a", candidate: "b" })).toEqual({ facts: [], outcome: "undoing" });
});

const ONE = lane("one");

function laneOf(tracker: Tracker, id: string): Lane | null {
  return findLane(tracker, id) ?? null;
}

function after(tracker: Tracker, facts: readonly TrackerFact[]): Tracker {
  return facts.reduce((now, fact) => evolveTracker(now, fact, AT), tracker);
}
