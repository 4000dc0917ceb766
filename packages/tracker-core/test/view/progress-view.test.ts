import { expect, test } from "vitest";
import { evolveProgress, type Progress, progressView, type SpecFact, type TaskDefinition } from "../../src/index.ts";
import { claimOf, defined, place, SPEC, specOf, task } from "../task-builders.ts";

/** Seed 001's own sample of `.progress.json`, word by word. */
const SEED = {
  last_updated: "2025-10-03T14:32:15Z",
  layers: {
    "1": { status: "in_progress", completed: 5, total: 8, blocking_layer_2: true },
    "2": { status: "blocked", waiting_for: "layer_1", completed: 0, total: 11 },
  },
  tasks: {
    T031: {
      status: "completed",
      agent: "claude",
      worktree: "agent-claude-001",
      pr: "#123",
      pr_status: "pending_review",
      completed_at: "2025-10-03T14:15:00Z",
    },
    T032: { status: "in_progress", agent: "claude", worktree: "agent-claude-001", started_at: "2025-10-03T14:30:00Z" },
    T033: { status: "available", dependencies: [], assigned_to: "copilot" },
    T038: { status: "blocked", dependencies: ["T031", "T032", "T033"], assigned_to: "claude" },
  },
};

const iso = (time: string) => new Date(`2025-10-03T${time}Z`).toISOString();
const claude = place("w1", { path: "/crew/agent-claude-001", branch: "refs/heads/agent-claude-001" });

function ids(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from + 1 }, (_, index) => `T0${from + index}`);
}

const TASKS: readonly TaskDefinition[] = [
  ...ids(30, 37).map((id) => task(id, id === "T033" ? { agent: "copilot" } : { agent: "claude" })),
  task("T038", { layer: 2, agent: "claude", dependsOn: ["T031", "T032", "T033"] }),
  ...ids(39, 48).map((id) => task(id, { layer: 2, dependsOn: ["T038"] })),
];

/** A task claimed and finished at a time, as the seed's first one. */
function finished(id: string, at: string): readonly (readonly [SpecFact, string])[] {
  const done: SpecFact = {
    type: "task-completed",
    spec: SPEC,
    task: id,
    epoch: 1,
    commit: `c-${id}`,
    start: "s0",
    contains: [],
    pr: { number: 123, status: "pending_review" },
  };
  return [
    [claimOf(id, { place: claude, since: iso("14:00:00"), renewedAt: iso("14:00:00") }), iso("14:00:00")],
    [done, at],
  ];
}

const HISTORY: readonly (readonly [SpecFact, string])[] = [
  [defined(TASKS), iso("13:00:00")],
  ...ids(34, 37).flatMap((id) => finished(id, iso("14:10:00"))),
  ...finished("T031", iso("14:15:00")),
  [claimOf("T032", { place: claude, since: iso("14:30:00"), renewedAt: iso("14:30:00") }), iso("14:30:00")],
  [{ type: "task-noted", spec: SPEC, task: "T032", by: "claude", text: "on it" }, iso("14:32:15")],
];

const seedProgress = HISTORY.reduce<Progress>((progress, [fact, at]) => evolveProgress(progress, fact, at), {
  updatedAt: iso("12:00:00"),
  specs: {},
  worktrees: {},
  tips: {},
});

/** Our times have milliseconds, the seed's have none. */
function withMilliseconds<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value).replaceAll(/(\d\d:\d\d:\d\d)Z/g, "$1.000Z")) as Value;
}

test(".progress.json has the seed's sample, field by field and word by word", () => {
  const view = JSON.parse(JSON.stringify(progressView(seedProgress, specOf(seedProgress))));
  expect(view).toMatchObject(withMilliseconds(SEED));
  expect(Object.keys(view.tasks)).toEqual(TASKS.map(({ id }) => id));
});

test("beside the seed's fields stand the commit, the number of the claim and what is waited for", () => {
  const { tasks, layers } = JSON.parse(JSON.stringify(progressView(seedProgress, specOf(seedProgress))));
  expect(tasks.T031).toMatchObject({ commit: "c-T031", epoch: 1, branch: claude.branch, worktree_path: claude.path });
  expect(tasks.T032).toMatchObject({ lease_ms: 60_000, notes: [{ by: "claude", text: "on it" }] });
  expect(tasks.T038).toMatchObject({ waiting_for: ["T032", "T033"] });
  expect(layers["2"]).toMatchObject({ waiting_for_tasks: ["T032", "T033"] });
});

test("a task that the file defines no more is shown as removed, with all that happened to it", () => {
  const without = TASKS.filter(({ id }) => id !== "T031" && id !== "T030");
  const progress = evolveProgress(seedProgress, defined(without), iso("15:00:00"));
  const { tasks } = JSON.parse(JSON.stringify(progressView(progress, specOf(progress))));
  expect(tasks.T031).toMatchObject({ status: "completed", agent: "claude", removed: true, commit: "c-T031" });
  expect(tasks.T030).toBeUndefined();
});
