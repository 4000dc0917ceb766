import { expect, test } from "vitest";
import {
  abandonUndo,
  EMPTY_TRACKER,
  evolveTracker,
  intendUndo,
  recordUndo,
  type Tracker,
  type TrackerFact,
  type UndoPlan,
} from "../../src/index.ts";

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

function after(tracker: Tracker, facts: readonly TrackerFact[]): Tracker {
  return facts.reduce((now, fact) => evolveTracker(now, fact, AT), tracker);
}
