import { expect, test } from "vitest";
import { recordStopped, requestRetry, requestStop, type Tracker, type TrackerFact } from "../../src/index.ts";
import { added, after, initialised, lane, said, steps, withLane } from "../builders.ts";

const a = lane("a");
const stopAsked: TrackerFact = { type: "stop-requested", lane: a, reason: "asked" };
const NOTHING = { facts: [], outcome: null };
const STOPPED = { facts: ["lane-stopped"], outcome: "stopped" };
const REQUESTED = { facts: ["stop-requested"], outcome: "requested" };
const RETRYING = { facts: ["retry-requested"], outcome: "retrying" };
const IDLE = { facts: [], outcome: "nothing" };

test.each<[string, Tracker, unknown]>([
  ["a pending lane is kept from starting", withLane(), STOPPED],
  ["a lane in its back-off is kept from starting", withLane(steps.retrying("a")), STOPPED],
  ["a lane whose worktree is being made", withLane(steps.preparing("a")), REQUESTED],
  ["a running agent is asked to end", withLane(steps.running("a")), REQUESTED],
  ["a lane that is being verified", withLane(steps.settling("a")), REQUESTED],
  ["asked twice is asked once", withLane([...steps.running("a"), stopAsked]), { facts: [], outcome: "requested" }],
  ["a completed lane has nothing to stop", withLane(steps.completed("a")), IDLE],
  ["a landed lane has nothing to stop", withLane(steps.landed("a")), IDLE],
  ["a failed lane has nothing to stop", withLane(steps.failed("a")), IDLE],
  ["a stopped lane has nothing to stop", withLane(steps.stopped("a")), IDLE],
  ["a lane that does not exist", after(initialised), "UNKNOWN_LANE"],
])("stop: %s", (_name, tracker, expected) =>
  expect(said(() => requestStop(tracker, { lane: a, reason: "asked" }))).toEqual(expected),
);

test.each<[string, Tracker, unknown]>([
  ["while its worktree is made", withLane(steps.preparing("a")), { facts: ["lane-stopped"], outcome: null }],
  ["before its agent started", withLane(steps.intended("a")), { facts: ["lane-stopped"], outcome: null }],
  ["never while an agent runs", withLane(steps.running("a")), NOTHING],
  ["after its agent ended", withLane(steps.settling("a")), { facts: ["lane-stopped"], outcome: null }],
  [
    "when the wish came during the verify and another try was due",
    withLane([
      ...steps.settling("a"),
      stopAsked,
      { type: "attempt-failed", lane: a, cause: "x", reason: "x", retryAt: "2026-01-01T00:05:00.000Z" },
    ]),
    { facts: ["lane-stopped"], outcome: null },
  ],
  ["not one that completed", withLane(steps.completed("a")), NOTHING],
  ["not one that is stopped", withLane(steps.stopped("a")), NOTHING],
])("a lane is recorded as stopped: %s", (_name, tracker, expected) =>
  expect(said(() => recordStopped(tracker, { lane: a, reason: "asked" }))).toEqual(expected),
);

const dependent = (part: "unlanded" | "landed" | "removed"): Tracker =>
  after(
    initialised,
    added("a"),
    ...steps.completed("a"),
    added("b", { dependsOn: [a] }),
    {
      type: "lane-preparing",
      lane: lane("b"),
      worktree: ".worktrees/agent-b",
      branch: "lane-b",
      start: "s1",
      contains: [{ lane: a, head: "head-a" }],
    },
    ...(part === "removed"
      ? [
          {
            type: "worktree-removed",
            lane: lane("b"),
            path: ".worktrees/agent-b",
            number: 1,
            rescue: "r",
            trash: "t",
            why: "cleanup",
          } as const,
        ]
      : []),
    ...(part === "landed"
      ? [{ type: "lane-landed", lane: lane("b"), head: "h", commit: "c", verified: true } as const]
      : []),
  );

test.each<[string, Tracker, boolean, unknown]>([
  ["a failed lane", withLane(steps.failed("a")), false, RETRYING],
  ["a failed lane from the base", withLane(steps.failed("a")), true, RETRYING],
  ["a stopped lane that never started", withLane(steps.stopped("a")), false, RETRYING],
  ["a completed lane that has not landed", withLane(steps.completed("a")), false, RETRYING],
  ["a conflicted lane", withLane(steps.conflicted("a")), false, RETRYING],
  ["a pending lane is tried anyway", withLane(), false, IDLE],
  ["a lane in its back-off is tried anyway", withLane(steps.retrying("a")), false, IDLE],
  ["not while it runs", withLane(steps.running("a")), false, "LANE_BUSY"],
  ["not while it is verified", withLane(steps.settling("a")), true, "LANE_BUSY"],
  ["not after it landed", withLane(steps.landed("a")), false, "LANE_NOT_RETRYABLE"],
  ["not while it is landing", withLane(steps.landing("a")), false, "LANE_NOT_RETRYABLE"],
  ["others build on its work: kept work may go on", dependent("unlanded"), false, RETRYING],
  ["others build on its work: it is not taken away", dependent("unlanded"), true, "LANE_NOT_RETRYABLE"],
  ["what built on it has landed", dependent("landed"), true, RETRYING],
  ["what built on it is set aside", dependent("removed"), true, RETRYING],
  ["a lane that does not exist", after(initialised), false, "UNKNOWN_LANE"],
])("retry: %s", (_name, tracker, fresh, expected) =>
  expect(said(() => requestRetry(tracker, { lane: a, fresh, attempts: 2 }))).toEqual(expected),
);

test("after a retry the lane has its attempts again, and the old verdicts are gone", () => {
  const { facts } = requestRetry(withLane(steps.conflicted("a")), { lane: a, fresh: false, attempts: 2 });
  const now = after(initialised, added("a"), ...steps.conflicted("a"), ...facts).lanes["a"];
  expect(now).toMatchObject({ state: "retrying", attemptsAllowed: 3, work: undefined, merge: undefined });
});
