import { type IsoTime, isoTime } from "@orchard/kernel";
import { criticalPath } from "@orchard/scheduler";
import {
  blockersOf,
  findDefinition,
  findRecord,
  type LayerProgress,
  lastSignOf,
  layerProgress,
  type Progress,
  removedTasks,
  requireSpec,
  type Spec,
  type TaskNote,
  taskStatus,
} from "@orchard/tracker-core";
import { lastActivity } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { taskGraph, taskStates } from "./task-graph.ts";

export interface WorkedOn {
  readonly task: string;
  readonly agent: string;
  readonly layer: number;
  readonly since: IsoTime;
  readonly lastSign: IsoTime;
  readonly waitingFor?: string | undefined;
}

/** When something is expected to become available; an estimate from how long the spec's finished tasks took. */
export interface Unblocking {
  readonly task: string;
  /** Tasks that can be started once it is done. */
  readonly unblocks: readonly string[];
  /** `undefined` while nothing was finished yet. */
  readonly expectedAt: IsoTime | undefined;
}

export interface SuperviseReport {
  readonly spec: string;
  /** Since when the spec's file is gone. */
  readonly goneSince?: IsoTime | undefined;
  readonly layers: readonly LayerProgress[];
  readonly workedOn: readonly WorkedOn[];
  /** Without a sign of life for longer than `stuckAfter`. */
  readonly stuck: readonly (WorkedOn & { readonly quietMs: number })[];
  readonly criticalPath: readonly string[];
  readonly unblocking: readonly Unblocking[];
  readonly changesRequested: readonly string[];
  /** The newest notes beside tasks of the spec, newest first. */
  readonly notes: readonly (TaskNote & { readonly task: string })[];
  /** Tasks that something happened to and that the file does not define any more. */
  readonly removed: readonly { readonly task: string; readonly state: string }[];
  readonly completed: number;
  readonly total: number;
}

/** Pure. `signs`: the newest sign of life seen in the worktree of each task that is worked on. Throws `UNKNOWN_SPEC`. */
export function superviseSpec(
  progress: Progress,
  name: string,
  { now, signs }: { readonly now: IsoTime; readonly signs: ReadonlyMap<string, IsoTime> },
): SuperviseReport {
  const spec = requireSpec(progress, name);
  const layers = layerProgress(spec);
  const workedOn = tasksWorkedOn(spec, signs);
  const quiet = workedOn.map((one) => ({ ...one, quietMs: Date.parse(now) - Date.parse(one.lastSign) }));
  const tasks = layers.flatMap((layer) => layer.tasks);
  return {
    spec: name,
    goneSince: spec.goneSince,
    layers,
    workedOn,
    stuck: quiet.filter(({ quietMs }) => quietMs > spec.definition.rules.stuckAfterMs),
    criticalPath: criticalPath(taskGraph(spec), taskStates(spec)).path,
    unblocking: unblockings(spec, workedOn, now),
    changesRequested: tasks
      .filter(({ status }) => status === "changes_requested")
      .map(({ definition }) => definition.id),
    notes: newestNotes(spec),
    removed: removedTasks(spec).map(({ id, state }) => ({ task: id, state })),
    completed: tasks.filter(({ status }) => status === "completed").length,
    total: tasks.length,
  };
}

/** Looks into the worktrees of the tasks that are worked on: the newest of commits, index and files. */
export async function signsOfLife(orchard: Orchard, spec: Spec): Promise<ReadonlyMap<string, IsoTime>> {
  const repository = await orchard.repository();
  const claimed = Object.values(spec.tasks).flatMap(({ id, claim }) => (claim === undefined ? [] : [{ id, claim }]));
  const seen = await Promise.all(
    claimed.map(async ({ id, claim }) => {
      const { at } = await lastActivity(repository, claim.place.path).catch(() => ({ at: undefined }));
      return at === undefined ? [] : [[id, at] as const];
    }),
  );
  return new Map(seen.flat());
}

function tasksWorkedOn(spec: Spec, signs: ReadonlyMap<string, IsoTime>): readonly WorkedOn[] {
  return spec.definition.tasks.flatMap(({ id, layer }) => {
    const record = findRecord(spec, id);
    if (record?.state !== "in_progress" || record.claim === undefined) return [];
    const { agent, since, waitingFor } = record.claim;
    const lastSign =
      [lastSignOf(spec, id), signs.get(id)]
        .filter((at) => at !== undefined)
        .sort()
        .at(-1) ?? since;
    return [{ task: id, agent, layer: layer ?? 0, since, lastSign, waitingFor }];
  });
}

function newestNotes({ tasks }: Spec): SuperviseReport["notes"] {
  const all = Object.values(tasks).flatMap(({ id, notes }) => notes.map((note) => ({ task: id, ...note })));
  return all.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0)).slice(0, NOTES_SHOWN);
}

const NOTES_SHOWN = 5;

function unblockings(spec: Spec, workedOn: readonly WorkedOn[], now: IsoTime): readonly Unblocking[] {
  const usual = median(durations(spec));
  const waiting = spec.definition.tasks
    .filter((task) => taskStatus(spec, task) === "blocked")
    .map((task) => ({
      id: task.id,
      on: blockersOf(spec, task).flatMap((one) => (one.kind === "task" ? [one.on] : [])),
    }));
  return workedOn.flatMap(({ task, since }) => {
    const unblocks = waiting.filter(({ on }) => on.length === 1 && on[0] === task).map(({ id }) => id);
    const due = usual === undefined ? undefined : Math.max(Date.parse(now), Date.parse(since) + usual);
    return unblocks.length === 0 ? [] : [{ task, unblocks, expectedAt: due === undefined ? undefined : isoTime(due) }];
  });
}

function durations(spec: Spec): readonly number[] {
  return Object.values(spec.tasks).flatMap(({ id, work }) =>
    work === undefined || findDefinition(spec, id) === undefined
      ? []
      : [Date.parse(work.completedAt) - Date.parse(work.startedAt)],
  );
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}
