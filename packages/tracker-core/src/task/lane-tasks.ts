import { type IsoTime, printableLine } from "@orchard/kernel";
import type { Lane } from "../domain/lane.ts";
import { findSpec, type Progress } from "../domain/progress.ts";
import { findDefinition, findRecord, type Spec } from "../domain/spec.ts";
import { isDone } from "../domain/task.ts";
import { sayBlockers } from "./say-blockers.ts";
import { blockersOf, taskStatus } from "./task-status.ts";

/** How one of a lane's tasks stands, as its agent sees it. */
export type LaneTask = { readonly task: string } & Standing;

type Standing =
  | { readonly kind: "done" }
  /** It can be started now. */
  | { readonly kind: "open" }
  /** The lane's own agent has claimed it. */
  | { readonly kind: "held" }
  /** For the tasks `on`, or for somebody. */
  | { readonly kind: "waits"; readonly on: readonly string[]; readonly reason: string }
  | { readonly kind: "failed"; readonly reason: string };

/** The tasks of a lane of spec tasks, in its order; none for any other lane. */
export function laneTasks(
  progress: Progress,
  { id, definition }: Pick<Lane, "id" | "definition">,
  now: IsoTime,
): readonly LaneTask[] {
  if (definition.spec === undefined) return [];
  const spec = findSpec(progress, definition.spec);
  return definition.tasks.map((task) => ({
    task,
    ...(spec === undefined ? outside(`spec ${definition.spec} is not there`) : standing(spec, { task, lane: id, now })),
  }));
}

/** The lane's agent has nothing to do for it any more: it is completed or cancelled. */
export function isDoneInLane({ kind }: LaneTask): boolean {
  return kind === "done";
}

/** Whether an agent in the lane has something to do now, or nothing more at all. */
export function canGoOn(tasks: readonly LaneTask[]): boolean {
  return tasks.some(({ kind }) => kind === "open" || kind === "held") || tasks.every(isDoneInLane);
}

/**
 * When the last thing happened that `task` waited for; `undefined` when it never waited. An agent that ended before may
 * not have seen that it can be started.
 */
export function openedAt(spec: Spec, task: string): IsoTime | undefined {
  const times = (findDefinition(spec, task)?.dependsOn ?? []).flatMap((on) => {
    const record = findRecord(spec, on);
    if (record === undefined) return [];
    const landedAt = spec.definition.rules.completeOn === "merge" ? record.work?.landed?.at : undefined;
    return [landedAt ?? record.stateChangedAt];
  });
  return times.sort().at(-1);
}

interface Asked {
  readonly task: string;
  readonly lane: string;
  readonly now: IsoTime;
}

function standing(spec: Spec, { task, lane, now }: Asked): Standing {
  const definition = findDefinition(spec, task);
  const record = findRecord(spec, task);
  if (record?.state === "completed" && !isDone(record)) {
    return outside(`no branch holds the commit ${record.work?.commit?.slice(0, 10)} of ${task} any more`);
  }
  if (record?.state === "completed" || record?.state === "cancelled") return { kind: "done" };
  if (record?.state === "failed") return { kind: "failed", reason: record.failure?.reason ?? "no reason given" };
  if (definition === undefined) return outside(`${spec.definition.path} does not define ${task} any more`);
  const status = taskStatus(spec, definition);
  if (status === "completed") return { kind: "done" };
  const claim = record?.claim;
  if (claim !== undefined) {
    if (claim.place.lane !== lane)
      return outside(`${task} is held by @${claim.agent}, in ${printableLine(claim.place.path)}`);
    return claim.waitingFor === undefined ? { kind: "held" } : outside(`${task} waits for: ${claim.waitingFor}`);
  }
  const blockers = blockersOf(spec, definition);
  if (blockers.length === 0) return { kind: "open" };
  const on = blockers.flatMap((blocker) => (blocker.kind === "task" ? [blocker.on] : []));
  return { kind: "waits", on, reason: `${task} waits for ${sayBlockers(spec, blockers, now)}` };
}

function outside(reason: string): Standing {
  return { kind: "waits", on: [], reason };
}
