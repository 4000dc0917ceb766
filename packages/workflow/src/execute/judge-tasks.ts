import { isOrchardError, isoTime } from "@orchard/kernel";
import {
  findSpec,
  isDoneInLane,
  type Lane,
  type LaneTask,
  laneTasks,
  lastAttempt,
  moveLane,
  openedAt,
  type Progress,
  type WaitingTask,
} from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { refreshSpecs } from "../tasks/read-specs.ts";
import { sightWorld } from "../tasks/sight-world.ts";
import type { Shortfall } from "./shortfall.ts";

export type TasksVerdict =
  | { readonly kind: "done" }
  /** Nothing is left that the agent could have done. */
  | { readonly kind: "waits"; readonly waits: readonly WaitingTask[] }
  | { readonly kind: "short"; readonly shortfall: Shortfall };

/**
 * How the tasks of a lane stand after its agent ended well. What became available while the attempt ran may have escaped
 * it: that is no fault, and the lane goes on with it. Any other lane is done.
 */
export async function judgeTasks(driver: Driver, lane: Lane): Promise<TasksVerdict> {
  if (lane.definition.spec === undefined) return { kind: "done" };
  const progress = await readProgress(driver.orchard);
  const tasks = laneTasks(progress, lane, isoTime(driver.orchard.ports.clock.now()));
  if (tasks.every(isDoneInLane)) return { kind: "done" };
  const unseen = tasks.filter((each) => each.kind === "open" && cameUpMeanwhile(progress, lane, each));
  const left = tasks.filter((each) => (each.kind === "open" || each.kind === "held") && !unseen.includes(each));
  if (left.length > 0) return { kind: "short", shortfall: { cause: "tasks-open", reason: sayLeft(left) } };
  const failed = tasks.filter((each) => each.kind === "failed");
  if (unseen.length === 0 && failed.length > 0) {
    const reason = failed.map(({ task, reason: why }) => `${task} failed: ${why}`).join("; ");
    return { kind: "short", shortfall: { cause: "task-failed", reason, final: true } };
  }
  return { kind: "waits", waits: tasks.flatMap(waitOf) };
}

/** The lane is put aside until something that its tasks wait for happens. The attempt does not count. */
export async function parkLane(driver: Driver, lane: Lane, waits: readonly WaitingTask[]): Promise<void> {
  const reason = waits.map((each) => each.reason).join("; ");
  const step = { type: "lane-parked", lane: lane.id, waits } as const;
  const outcome = await driver.record(`lane ${lane.id} is parked: ${reason}`, (tracker) => moveLane(tracker, step));
  if (outcome === "recorded") driver.orchard.ports.report({ type: "lane-waits", lane: lane.id, reason });
}

/** The tasks as files and branches have them now. A file that cannot be used leaves what is on record. */
export async function readProgress(orchard: Orchard): Promise<Progress> {
  try {
    await refreshSpecs(orchard);
  } catch (error) {
    if (!isOrchardError(error) || error.kind !== "user") throw error;
    orchard.ports.report({ type: "warning", text: error.message, ...(error.hint && { hint: error.hint }) });
  }
  return sightWorld(orchard);
}

function cameUpMeanwhile(progress: Progress, lane: Lane, { task }: LaneTask): boolean {
  const spec = findSpec(progress, lane.definition.spec ?? "");
  const opened = spec && openedAt(spec, task);
  const started = lastAttempt(lane.attempts)?.startedAt;
  return opened !== undefined && started !== undefined && opened > started;
}

function sayLeft(left: readonly LaneTask[]): string {
  const said = left.map(({ task, kind }) => `${task} ${kind === "held" ? "is still claimed" : "can be started"}`);
  return `the agent ended while something was left to do: ${said.join(", ")}`;
}

function waitOf(each: LaneTask): readonly WaitingTask[] {
  if (each.kind === "waits") return [{ task: each.task, on: each.on, reason: each.reason }];
  return each.kind === "open" ? [{ task: each.task, on: [], reason: `${each.task} can be started by now` }] : [];
}
