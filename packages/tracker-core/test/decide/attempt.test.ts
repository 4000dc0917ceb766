import { expect, test } from "vitest";
import {
  abandonAttempt,
  adoptAttempt,
  endAttempt,
  intendAttempt,
  startAttempt,
  type Tracker,
  type TrackerFact,
} from "../../src/index.ts";
import { after, aProcess, initialised, lane, said, steps, withLane } from "../builders.ts";

const a = lane("a");
const abandoned: TrackerFact = { type: "attempt-abandoned", lane: a, token: "t1", reason: "late" };
const stopAsked: TrackerFact = { type: "stop-requested", lane: a, reason: "asked" };
const again = (token: string): TrackerFact => ({
  type: "attempt-intended",
  lane: a,
  token,
  number: 1,
  agent: "claude",
});
const gaveUp = (tracker: readonly TrackerFact[]) => withLane([...tracker, abandoned]);
const supervisorFailed: TrackerFact = { type: "attempt-failed", lane: a, cause: "supervisor-failed", reason: "often" };
const NOTHING = { facts: [], outcome: null };

test.each<[string, Tracker, unknown]>([
  ["a ready lane", withLane(steps.ready("a")), { facts: ["attempt-intended"], outcome: 1 }],
  ["a lane that is tried again", withLane(steps.retrying("a")), { facts: ["attempt-intended"], outcome: 2 }],
  ["a given-up attempt does not count", gaveUp(steps.intended("a")), { facts: ["attempt-intended"], outcome: 1 }],
  ["a pending lane has no worktree yet", withLane(), "LANE_BUSY"],
  ["an attempt is on its way already", withLane(steps.intended("a")), "LANE_BUSY"],
  ["an agent works already", withLane(steps.running("a")), "LANE_BUSY"],
  ["a lane that is being verified", withLane(steps.settling("a")), "LANE_BUSY"],
  ["a completed lane", withLane(steps.completed("a")), "LANE_BUSY"],
  ["a stopped lane", withLane(steps.stopped("a")), "LANE_BUSY"],
  ["a lane that somebody wants stopped", withLane([...steps.ready("a"), stopAsked]), "LANE_BUSY"],
  ["a lane that does not exist", after(initialised), "UNKNOWN_LANE"],
])("an attempt is announced: %s", (_name, tracker, expected) =>
  expect(said(() => intendAttempt(tracker, { lane: a, token: "t9", agent: "claude" }))).toEqual(expected),
);

test.each<[string, Tracker, unknown]>([
  ["the announced one", withLane(steps.intended("a")), { facts: ["attempt-started"], outcome: null }],
  ["not one that was given up", gaveUp(steps.intended("a")), "ATTEMPT_FENCED"],
  ["not one that another replaced", withLane([...steps.intended("a"), abandoned, again("t2")]), "ATTEMPT_FENCED"],
  ["not one that runs already", withLane(steps.running("a")), "ATTEMPT_FENCED"],
  ["not one that ended", withLane(steps.completed("a")), "ATTEMPT_FENCED"],
  ["not one of a lane that is being stopped", withLane([...steps.intended("a"), stopAsked]), "ATTEMPT_FENCED"],
  ["not one of a lane that was stopped", withLane([...steps.intended("a"), ...steps.stopped("a")]), "ATTEMPT_FENCED"],
  ["not one of a lane that failed", withLane([...steps.intended("a"), supervisorFailed]), "ATTEMPT_FENCED"],
  ["not one that nobody announced", withLane(steps.ready("a")), "ATTEMPT_FENCED"],
  ["not one of an unknown lane", after(initialised), "UNKNOWN_LANE"],
])("an attempt starts: %s", (_name, tracker, expected) =>
  expect(said(() => startAttempt(tracker, { lane: a, token: "t1", supervisor: aProcess }))).toEqual(expected),
);

test.each<[string, Tracker, unknown]>([
  ["a running one", withLane(steps.running("a")), { facts: ["attempt-adopted"], outcome: null }],
  ["not one that never started", withLane(steps.intended("a")), "ATTEMPT_FENCED"],
  ["not one that ended", withLane(steps.settling("a")), "ATTEMPT_FENCED"],
  ["not one that nobody announced", withLane(steps.ready("a")), "ATTEMPT_FENCED"],
])("an attempt gets a new supervisor: %s", (_name, tracker, expected) =>
  expect(said(() => adoptAttempt(tracker, { lane: a, token: "t1", supervisor: aProcess }))).toEqual(expected),
);

test.each<[string, Tracker, unknown]>([
  ["a running one", withLane(steps.running("a")), { facts: ["attempt-ended"], outcome: null }],
  ["told twice it changes nothing", withLane(steps.settling("a")), NOTHING],
  ["one that never started has no end", withLane(steps.intended("a")), NOTHING],
  ["one that was given up has no end", gaveUp(steps.intended("a")), NOTHING],
  ["one that nobody announced", withLane(steps.ready("a")), "ATTEMPT_FENCED"],
  ["one of a lane that a reset took away", after(initialised), "UNKNOWN_LANE"],
])("an attempt ends: %s", (_name, tracker, expected) => {
  const end = { outcome: "exited", code: 0, signal: null } as const;
  expect(said(() => endAttempt(tracker, { lane: a, token: "t1", end }))).toEqual(expected);
});

test.each<[string, Tracker, unknown]>([
  ["an announced one", withLane(steps.intended("a")), { facts: ["attempt-abandoned"], outcome: "abandoned" }],
  ["twice changes nothing", gaveUp(steps.intended("a")), { facts: [], outcome: "abandoned" }],
  [
    "in a stopped lane it is given up already",
    withLane([...steps.intended("a"), ...steps.stopped("a")]),
    { facts: [], outcome: "abandoned" },
  ],
  ["one that started meanwhile goes on", withLane(steps.running("a")), { facts: [], outcome: "started" }],
  ["not somebody else's", withLane([...steps.intended("a"), abandoned, again("t2")]), "ATTEMPT_FENCED"],
])("an attempt is given up: %s", (_name, tracker, expected) =>
  expect(said(() => abandonAttempt(tracker, { lane: a, token: "t1", reason: "late" }))).toEqual(expected),
);
