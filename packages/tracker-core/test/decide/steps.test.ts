import { expect, test } from "vitest";
import {
  abandonLanding,
  type LandingStep,
  type LaneState,
  type LaneStep,
  landStep,
  moveLane,
  type Tracker,
} from "../../src/index.ts";
import { after, initialised, lane, said, steps, withLane, work } from "../builders.ts";

const a = lane("a");
const RECORDED = (type: string) => ({ facts: [type], outcome: "recorded" });
const OVERTAKEN = { facts: [], outcome: "overtaken" };
const preparing = steps.preparing("a")[0] as LaneStep;
const ready: LaneStep = { type: "worktree-ready", lane: a, head: "s0" };
const failed: LaneStep = { type: "attempt-failed", lane: a, cause: "x", reason: "x" };
const again: LaneStep = { ...failed, retryAt: "2026-01-01T00:05:00.000Z" };
const completed: LaneStep = { type: "lane-completed", lane: a, work: work() };

const STATES: Record<LaneState, Tracker> = {
  pending: withLane(),
  preparing: withLane(steps.preparing("a")),
  ready: withLane(steps.ready("a")),
  intended: withLane(steps.intended("a")),
  running: withLane(steps.running("a")),
  settling: withLane(steps.settling("a")),
  retrying: withLane(steps.retrying("a")),
  parked: withLane([...steps.settling("a"), { type: "lane-parked", lane: a, waits: [] }]),
  completed: withLane(steps.completed("a")),
  failed: withLane(steps.failed("a")),
  stopped: withLane(steps.stopped("a")),
};

test.each<[LaneStep, readonly LaneState[]]>([
  [preparing, ["pending", "preparing", "ready", "retrying", "parked"]],
  [ready, ["preparing"]],
  [failed, ["pending", "preparing", "ready", "intended", "settling", "retrying", "parked"]],
  [again, ["settling"]],
  [completed, ["settling"]],
  [{ type: "lane-parked", lane: a, waits: [] }, ["settling"]],
  [{ type: "environment-allocated", lane: a, ports: { PORT: 21000 }, name: "app_a" }, ["ready", "retrying", "parked"]],
  [{ type: "worktree-set-up", lane: a, key: "k", elapsedMs: 1 }, ["ready", "retrying", "parked"]],
  [{ type: "lane-unparked", lane: a }, ["parked"]],
])("$type is recorded in the states it may follow, and leaves every other lane as it is", (step, allowed) => {
  for (const [state, tracker] of Object.entries(STATES)) {
    const expected = allowed.includes(state as LaneState) ? RECORDED(step.type) : OVERTAKEN;
    expect([state, said(() => moveLane(tracker, step))]).toEqual([state, expected]);
  }
});

const intended: LandingStep = { type: "landing-intended", lane: a, head: "head-a", from: "b0", candidate: "c1" };
const landed: LandingStep = { type: "lane-landed", lane: a, head: "head-a", commit: "c1", verified: true };
const rejected: LandingStep = {
  type: "lane-rejected",
  lane: a,
  head: "head-a",
  onto: "b0",
  reason: "red",
  receipts: [],
};
const conflicted = steps.conflicted("a").at(-1) as LandingStep;

test.each<[string, Tracker, LandingStep, unknown]>([
  ["a completed lane may be landing", STATES.completed, intended, RECORDED("landing-intended")],
  ["a completed lane may have landed", STATES.completed, landed, RECORDED("lane-landed")],
  ["a completed lane may conflict", STATES.completed, conflicted, RECORDED("lane-conflicted")],
  ["a completed lane may be rejected", STATES.completed, rejected, RECORDED("lane-rejected")],
  ["an announced landing is confirmed", withLane(steps.landing("a")), landed, RECORDED("lane-landed")],
  ["a conflict may be over", withLane(steps.conflicted("a")), intended, RECORDED("landing-intended")],
  ["a landed lane stays landed", withLane(steps.landed("a")), conflicted, OVERTAKEN],
  ["a landed lane does not land twice", withLane(steps.landed("a")), landed, OVERTAKEN],
  ["a lane that is tried again meanwhile does not land", STATES.retrying, intended, OVERTAKEN],
  ["a lane whose work is another by now does not land", STATES.completed, { ...intended, head: "other" }, OVERTAKEN],
  ["a lane that does not exist", after(initialised), landed, "UNKNOWN_LANE"],
])("%s", (_name, tracker, step, expected) => expect(said(() => landStep(tracker, step))).toEqual(expected));

test.each<[string, Tracker, string, unknown]>([
  ["the announced one", withLane(steps.landing("a")), "c1", RECORDED("landing-abandoned")],
  ["not another one", withLane(steps.landing("a")), "c2", OVERTAKEN],
  ["never one that was made", withLane(steps.landed("a")), "c1", OVERTAKEN],
  ["nothing is announced", STATES.completed, "c1", OVERTAKEN],
])("a landing is taken back: %s", (_name, tracker, candidate, expected) =>
  expect(said(() => abandonLanding(tracker, { lane: a, candidate, reason: "late" }))).toEqual(expected),
);
