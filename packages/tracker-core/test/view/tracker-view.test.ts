import { expect, test } from "vitest";
import {
  type LaneStatus,
  laneStatus,
  statusStats,
  TRACKER_SCHEMA,
  type Tracker,
  type TrackerFact,
  trackerView,
} from "../../src/index.ts";
import { added, after, aProcess, at, initialised, lane, steps, withLane, work } from "../builders.ts";

type View = {
  readonly agents: Record<string, Record<string, unknown>>;
  readonly lanes: Record<string, Record<string, unknown>>;
} & Record<string, unknown>;

const viewOf = (tracker: Tracker) => JSON.parse(JSON.stringify(trackerView(tracker))) as View;
const probe: TrackerFact = {
  type: "lane-completed",
  lane: lane("probe-v2"),
  work: work("head", { results: ["state_probe.json", "state_probe.md"], changedFiles: [] }),
};
const seedTracker = after(
  initialised,
  added("probe-v2", { tasks: ["Execute probe V2"], priority: "high", parallel: true }),
  { type: "phase-changed", phase: 3, status: "running" },
  ...steps.settling("probe-v2"),
  probe,
);

test("tracker.json has the seed's sample, field by field", () => {
  expect(viewOf(seedTracker)).toMatchObject({
    version: "1.0.0",
    phase: 3,
    status: "running",
    agents: {
      "agent-probe-v2": {
        worktree: ".worktrees/agent-probe-v2",
        lane: "probe-v2",
        status: "completed",
        branch: "lane-probe-v2",
      },
    },
    lanes: {
      "probe-v2": {
        status: "completed",
        tasks: ["Execute probe V2"],
        results: ["state_probe.json", "state_probe.md"],
        priority: "high",
        parallel: true,
      },
    },
  });
});

test("every field that the seed's scripts write is there, our schema number beside the version", () => {
  const view = viewOf(seedTracker);
  expect(view).toMatchObject({
    main_repo: "/repo",
    worktrees_dir: "/repo/.worktrees",
    created_at: at(1),
    updated_at: at(9),
    schema: TRACKER_SCHEMA,
  });
  const agent = ["id", "worktree", "lane", "branch", "status", "created_at", "status_changed_at", "pid"];
  expect(Object.keys(view.agents["agent-probe-v2"] ?? {})).toEqual(expect.arrayContaining(agent));
  const laneFields = [
    "status",
    "created_at",
    "status_changed_at",
    "results",
    "progress",
    "tasks",
    "priority",
    "parallel",
  ];
  expect(Object.keys(view.lanes["probe-v2"] ?? {})).toEqual(expect.arrayContaining(laneFields));
});

test("before init the picture is empty, and whole", () => {
  expect(viewOf(after())).toMatchObject({ version: "1.0.0", phase: 0, status: "initialized", agents: {}, lanes: {} });
});

const FRESH: TrackerFact = { type: "retry-requested", lane: lane("a"), fresh: true, attempts: 2 };
const removed: TrackerFact = {
  type: "worktree-removed",
  lane: lane("a"),
  path: ".worktrees/agent-a",
  number: 1,
  rescue: "r",
  trash: "t",
  why: "cleanup",
};

test.each<[string, readonly TrackerFact[], string | undefined]>([
  ["a lane that waits has no agent yet", [], undefined],
  ["its worktree is being made", steps.preparing("a"), "created"],
  ["its worktree is ready", steps.ready("a"), "created"],
  ["its supervisor is on the way", steps.intended("a"), "created"],
  ["it works", steps.running("a"), "running"],
  ["its work is being verified", steps.settling("a"), "running"],
  ["it did not succeed and is tried again", steps.retrying("a"), "failed"],
  ["it did not succeed", steps.failed("a"), "failed"],
  ["it was stopped", [...steps.settling("a"), ...steps.stopped("a")], "failed"],
  ["it is done", steps.completed("a"), "completed"],
  ["its work has landed", steps.landed("a"), "completed"],
  ["its worktree is gone", [...steps.landed("a"), removed], "removed"],
  ["it begins anew", [...steps.failed("a"), FRESH, ...steps.preparing("a")], "created"],
])("the seed's word for an agent: %s", (_name, facts, expected) =>
  expect(viewOf(withLane(facts)).agents["agent-a"]?.["status"]).toBe(expected),
);

test.each<[string, readonly TrackerFact[], LaneStatus]>([
  ["added", [], "pending"],
  ["prepared", steps.preparing("a"), "running"],
  ["worked on", steps.running("a"), "running"],
  ["verified", steps.settling("a"), "running"],
  ["tried again", steps.retrying("a"), "running"],
  ["failed", steps.failed("a"), "failed"],
  ["stopped before it started", steps.stopped("a"), "blocked"],
  ["done", steps.completed("a"), "completed"],
  ["landed: a merged lane stays completed", steps.landed("a"), "completed"],
  ["in conflict: its own work is done", steps.conflicted("a"), "completed"],
])("the seed's word for a lane: %s", (_name, facts, expected) => {
  const tracker = withLane(facts);
  expect(laneStatus(tracker, tracker.lanes["a"]!)).toBe(expected);
  expect(viewOf(tracker).lanes["a"]?.["status"]).toBe(expected);
});

test("a lane whose dependency failed is blocked, however far away that one is", () => {
  const tracker = after(
    initialised,
    added("a"),
    added("b", { dependsOn: [lane("a")] }),
    added("c", { dependsOn: [lane("b")] }),
    added("free"),
    ...steps.failed("a"),
  );
  const words = Object.fromEntries(Object.values(tracker.lanes).map((each) => [each.id, laneStatus(tracker, each)]));
  expect(words).toEqual({ a: "failed", b: "blocked", c: "blocked", free: "pending" });
});

test("a finer state stands beside the seed's word", () => {
  expect(viewOf(withLane(steps.landed("a"))).lanes["a"]).toMatchObject({
    status: "completed",
    state: "completed",
    merge: { state: "landed", commit: "c1" },
  });
  expect(viewOf(withLane(steps.completed("a"))).lanes["a"]).toMatchObject({ merge: { state: "waiting" } });
  expect(viewOf(withLane()).lanes["a"]).toMatchObject({ merge: { state: "none" } });
});

test("the pid shown is that of the life that goes on now, and none when nothing lives", () => {
  expect(viewOf(withLane(steps.running("a"))).agents["agent-a"]?.["pid"]).toBe(aProcess.pid);
  expect(viewOf(withLane(steps.completed("a"))).agents["agent-a"]?.["pid"]).toBe(null);
});

test("every change touches updated_at", () => {
  const facts: readonly TrackerFact[] = [initialised, added("a"), ...steps.landed("a"), removed];
  const times = facts.map((_, index) => viewOf(after(...facts.slice(0, index + 1)))["updated_at"]);
  expect(new Set(times).size).toBe(facts.length);
});

test("a driver is shown while it drives", () => {
  const drives: TrackerFact = { type: "driver-started", epoch: 1, identity: aProcess, command: "orch execute" };
  expect(viewOf(after(initialised, drives))["driver"]).toMatchObject({ pid: 42, command: "orch execute" });
  expect(viewOf(after(initialised, drives, { type: "driver-ended", epoch: 1, why: "done" }))["driver"]).toBe(null);
});

test("lanes whose ids look like numbers are listed too", () => {
  const view = viewOf(after(initialised, added("10"), added("9"), added("a")));
  expect(Object.keys(view.lanes).sort()).toEqual(["10", "9", "a"]);
});

test("the figures of /api/status are the seed's, counted from the same picture", () => {
  const tracker = after(
    initialised,
    ...["a", "b", "c", "d", "e", "f"].map((id) => added(id)),
    ...steps.landed("a"),
    ...steps.completed("b", "t2"),
    ...steps.running("c", "t3"),
    ...steps.failed("d", "t4"),
    ...steps.preparing("e"),
  );
  expect(statusStats(tracker)).toEqual({
    agents_total: 5,
    agents_active: 1,
    agents_completed: 2,
    agents_failed: 1,
    lanes_total: 6,
    lanes_running: 2,
    lanes_completed: 2,
    lanes_failed: 1,
    completion_percentage: 33.3,
  });
});

test("without lanes nothing is complete, and nothing is divided by zero", () => {
  expect(statusStats(after(initialised))).toMatchObject({ lanes_total: 0, completion_percentage: 0 });
});
