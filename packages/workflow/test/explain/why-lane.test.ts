import type { LaneId } from "@orchard/kernel";
import { EMPTY_PROGRESS, EMPTY_TRACKER, evolveTracker, type Tracker, type TrackerFact } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { howToGoOn, whyLane } from "../../src/index.ts";

const at = "2026-01-01T00:00:00.000Z";
const after = (...facts: readonly TrackerFact[]): Tracker =>
  facts.reduce((tracker, fact) => evolveTracker(tracker, fact, at), EMPTY_TRACKER);
const added = (id: string, dependsOn: readonly string[] = [], parallel = true): TrackerFact => ({
  type: "lane-added",
  lane: id as LaneId,
  definition: {
    tasks: [],
    parallel,
    priority: "medium",
    dependsOn: dependsOn as readonly LaneId[],
    files: [],
    noChange: false,
  },
  attemptsAllowed: 1,
});
const stopped = (id: string): TrackerFact => ({ type: "lane-stopped", lane: id as LaneId, reason: "enough" });
const why = (tracker: Tracker, id: string) => whyLane({ tracker, progress: EMPTY_PROGRESS }, id, Date.parse(at));

test("a lane in whose way nothing is can start", () => {
  expect(why(after(added("a")), "a")).toMatchObject({
    status: "pending",
    sentence: 'Lane "a" can start: nothing is in its way.',
    blockers: [],
    next: "orch execute",
  });
});

test("a lane that no agent can be had for says so once nothing else is in its way", () => {
  const refusal = { message: 'Agent "nope" is not known.' };
  const told = (id: string) =>
    whyLane({ tracker: after(added("a"), added("b", ["a"])), progress: EMPTY_PROGRESS }, id, Date.parse(at), refusal);
  expect(told("a")).toMatchObject({
    sentence: 'Lane "a" has no agent: Agent "nope" is not known.',
    next: "orch agents",
  });
  expect(told("b").sentence).toContain('waits for "a"');
});

test("a lane that waits names what for, root causes last, and the next question", () => {
  const tracker = after(added("root"), stopped("root"), added("middle", ["root"]), added("leaf", ["middle"]));
  expect(why(tracker, "leaf")).toMatchObject({
    status: "blocked",
    sentence: 'Lane "leaf" waits for "middle" (blocked), "root" (blocked).',
    next: "orch why middle",
  });
});

test("a lane that is not parallel waits for its turn", () => {
  const tracker = after(added("first", [], false), added("second", [], false));
  expect(why(tracker, "second").blockers).toMatchObject([{ on: "first", reason: "turn" }]);
});

test("a stopped lane says by whom and how it goes on", () => {
  expect(why(after(added("a"), stopped("a")), "a")).toMatchObject({
    sentence: 'Lane "a" was stopped: enough',
    next: "orch retry a",
  });
});

test("a lane that does not exist is said to be none, with those that are", () => {
  expect(() => why(after(added("a")), "b")).toThrow(
    expect.objectContaining({ code: "UNKNOWN_LANE", hint: "Lanes here: a. See them all: orch status" }),
  );
});

test("a lane that failed before anything of it was started has no logs to look at", () => {
  const lane = "a" as LaneId;
  const failed = (cause: string) => after(added("a"), { type: "attempt-failed", lane, cause, reason: "no" });
  expect(why(failed("no-agent"), "a").next).toBe("orch retry a");
  expect(why(failed("setup-failed"), "a").next).toBe("orch logs a, then orch retry a");
});

test("whoever goes on is told which lanes were stopped in this phase, and must be asked for", () => {
  const later = "2026-01-01T00:00:01.000Z";
  const begun: TrackerFact = { type: "phase-changed", phase: 3, status: "running" };
  const before = after(added("old"), stopped("old"), added("a"), added("b"), added("c"));
  const tracker = [begun, stopped("a"), stopped("b")].reduce((now, fact) => evolveTracker(now, fact, later), before);
  expect(howToGoOn(tracker)).toBe("orch retry a, then orch retry b, then orch resume");
  expect(howToGoOn(evolveTracker(before, begun, later))).toBe("orch resume");
});
