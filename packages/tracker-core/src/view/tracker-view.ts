import type { IsoTime, JsonObject } from "@orchard/kernel";
import type { Attempt } from "../domain/attempt.ts";
import type { Lane } from "../domain/lane.ts";
import { lanesInOrder, type Tracker } from "../domain/tracker.ts";
import { flakyGates } from "./flaky-gates.ts";
import { laneStatus } from "./lane-status.ts";

/** Number of the shape of `tracker.json`; `version` keeps the seed's. */
export const TRACKER_SCHEMA = 1;

/** `tracker.json`: every field of seed 000 with its name and meaning, finer ones beside them. */
export function trackerView(tracker: Tracker): JsonObject {
  const home = tracker.home;
  const lanes = lanesInOrder(tracker);
  return {
    version: "1.0.0",
    schema: TRACKER_SCHEMA,
    main_repo: home?.mainRepo ?? null,
    worktrees_dir: home?.worktreesDir ?? null,
    base: home?.base.replace(/^refs\/heads\//, "") ?? null,
    created_at: home?.createdAt ?? null,
    updated_at: tracker.updatedAt,
    phase: tracker.phase,
    status: tracker.status,
    agents: Object.fromEntries(lanes.filter(hasAgent).map((lane) => [`agent-${lane.id}`, agentView(tracker, lane)])),
    lanes: Object.fromEntries(lanes.map((lane) => [lane.id, laneView(tracker, lane)])),
    run: runView(tracker),
    driver: driverView(tracker),
    base_behind: tracker.base.behind ?? null,
    base_conflict: tracker.base.conflict ?? null,
    flaky: flakyGates(tracker).map(({ command, seenIn }) => ({ command, seen_in: [...seenIn] })),
  } as JsonObject;
}

function hasAgent(lane: Lane): boolean {
  return lane.worktree !== undefined || lane.attempts.length > 0;
}

function agentView(tracker: Tracker, lane: Lane): JsonObject {
  const last = lane.attempts.at(-1);
  const path = lane.worktree?.path ?? `${worktreesName(tracker)}/agent-${lane.id}`;
  return {
    id: `agent-${lane.id}`,
    worktree: path,
    lane: lane.id,
    branch: lane.worktree?.branch ?? `lane-${lane.id}`,
    status: agentStatus(lane, last),
    created_at: last?.intendedAt ?? lane.stateChangedAt,
    status_changed_at: statusChangedAt(lane, last),
    pid: last?.endedAt === undefined ? (last?.supervisor?.pid ?? null) : null,
    agent: last?.agent ?? null,
    attempt: last?.number ?? 0,
    attempt_token: last?.token ?? null,
  };
}

function worktreesName(tracker: Tracker): string {
  const home = tracker.home;
  const inside = home?.worktreesDir.startsWith(`${home.mainRepo}/`);
  return home !== undefined && inside ? home.worktreesDir.slice(home.mainRepo.length + 1) : ".worktrees";
}

/** created → running → completed | failed → removed (seed 000). */
function agentStatus(lane: Lane, last: Attempt | undefined): string {
  if (lane.worktree === undefined) return "removed";
  if (lane.state === "completed") return "completed";
  if (lane.state === "running" || lane.state === "settling") return "running";
  if (["preparing", "ready", "intended", "parked"].includes(lane.state)) return "created";
  return lane.state === "failed" || lane.state === "stopped" || last?.startedAt !== undefined ? "failed" : "created";
}

function statusChangedAt(lane: Lane, last: Attempt | undefined): IsoTime {
  return (
    [lane.stateChangedAt, last?.endedAt, last?.startedAt]
      .filter((at) => at !== undefined)
      .sort()
      .at(-1) ?? lane.addedAt
  );
}

function laneView(tracker: Tracker, lane: Lane): JsonObject {
  const { definition, work, failure, worktree, merge, progress } = lane;
  return {
    name: definition.name ?? lane.id,
    ...(definition.spec === undefined ? {} : { spec: definition.spec }),
    ...(definition.probe === undefined ? {} : { probe: definition.probe }),
    tasks: definition.tasks,
    parallel: definition.parallel,
    priority: definition.priority,
    dependsOn: definition.dependsOn,
    files: definition.files,
    ...(definition.agent === undefined ? {} : { agent: definition.agent }),
    ...(definition.command === undefined ? {} : { command: definition.command }),
    ...(definition.verify === undefined ? {} : { verify: definition.verify }),
    noChange: definition.noChange,
    ...(definition.planned === undefined ? {} : { gaps: definition.planned.gaps }),
    status: laneStatus(tracker, lane),
    state: lane.state,
    created_at: lane.addedAt,
    status_changed_at: lane.stateChangedAt,
    results: [...new Set([...(work?.results ?? []), ...(lane.toldResults ?? [])])],
    changed_files: work?.changedFiles ?? [],
    progress: progress ?? progressOf(lane),
    worktree: worktree?.path ?? null,
    ports: worktree?.environment?.ports ?? {},
    env_name: worktree?.environment?.name ?? null,
    set_up: worktree?.setUp !== undefined,
    branch: worktree?.branch ?? `lane-${lane.id}`,
    start: (worktree ?? lane.setAside?.worktree)?.start ?? null,
    head: work?.head ?? null,
    unverified: work?.unverified ?? false,
    attempts: lane.attempts.map(attemptView),
    attempts_allowed: lane.attemptsAllowed,
    retry_at: lane.retryAt ?? null,
    ...(lane.parked === undefined
      ? {}
      : { parked: { at: lane.parked.at, waits: lane.parked.waits.map((each) => ({ ...each })) } }),
    failure: failure === undefined ? null : { ...failure },
    merge: merge === undefined ? { state: lane.state === "completed" ? "waiting" : "none" } : mergeView(merge),
  } as JsonObject;
}

function attemptView(attempt: Attempt): JsonObject {
  const { token, number, agent, intendedAt, startedAt, endedAt, end, abandoned, waited, failure, former } = attempt;
  return {
    token,
    number,
    agent,
    intended_at: intendedAt,
    started_at: startedAt ?? null,
    ended_at: endedAt ?? null,
    end: end === undefined ? null : { ...end },
    ...(abandoned === true ? { abandoned } : {}),
    ...(waited === true ? { waited } : {}),
    ...(failure === undefined ? {} : { failure }),
    ...(former === undefined ? {} : { former }),
  } as JsonObject;
}

function mergeView(merge: NonNullable<Lane["merge"]>): JsonObject {
  return JSON.parse(JSON.stringify(merge)) as JsonObject;
}

function progressOf(lane: Lane): string {
  switch (lane.state) {
    case "completed":
      return lane.merge?.state === "landed" ? "100% complete, landed" : "100% complete";
    case "pending":
      return "not started";
    case "parked":
      return `parked: ${lane.parked?.waits.map(({ reason }) => reason).join("; ") ?? ""}`;
    default:
      return `${lane.state}, attempt ${lane.attempts.length} of ${lane.attemptsAllowed}`;
  }
}

function driverView(tracker: Tracker): JsonObject | null {
  const driver = tracker.driver;
  if (driver === undefined || driver.endedAt !== undefined) return null;
  return { pid: driver.identity.pid, started_at: driver.startedAt, command: driver.command, epoch: driver.epoch };
}

function runView({ run }: Tracker): JsonObject | null {
  if (run === undefined) return null;
  const { workflow, startedAt, done, endedAt, outcome } = run;
  return {
    id: run.run,
    workflow,
    started_at: startedAt,
    phases_done: done,
    ended_at: endedAt ?? null,
    outcome: outcome ?? null,
  };
}
