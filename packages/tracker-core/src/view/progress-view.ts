import type { JsonObject } from "@orchard/kernel";
import type { Progress } from "../domain/progress.ts";
import { findRecord, removedTasks, type Spec, type TaskDefinition } from "../domain/spec.ts";
import type { PullRequest, TaskRecord } from "../domain/task.ts";
import { type LayerProgress, layerProgress } from "../task/layer-progress.ts";
import { outOfStep } from "../task/out-of-step.ts";
import { blockersOf, type TaskStatus, taskStatus } from "../task/task-status.ts";

/** Number of the shape of `.progress.json`. */
export const PROGRESS_SCHEMA = 1;

/**
 * `.progress.json` of one spec: every field of seed 001 with its name and meaning, finer ones beside them. `available`,
 * `blocked` and whatever concerns a layer hold as of its writing.
 */
export function progressView(progress: Progress, spec: Spec): JsonObject {
  const layers = layerProgress(spec);
  const statuses = new Map(
    layers.flatMap(({ tasks }) => tasks.map(({ definition, status }) => [definition.id, status])),
  );
  return {
    spec: spec.name,
    schema: PROGRESS_SCHEMA,
    last_updated: progress.updatedAt,
    // Who reads views alone sees by it whether one is missing.
    specs: Object.keys(progress.specs),
    definition: defined({ path: spec.definition.path, hash: spec.definition.hash, gone_since: spec.goneSince }),
    rules: { ...spec.definition.rules },
    layers: Object.fromEntries(layers.map((layer) => [String(layer.number), layerView(layer)])),
    tasks: Object.fromEntries([
      ...spec.definition.tasks.map((task) => [task.id, taskView(spec, task, statuses)]),
      ...removedTasks(spec).map((task) => [task.id, { ...recordView(task), status: task.state, removed: true }]),
    ]),
    worktrees: Object.fromEntries(
      Object.values(progress.worktrees)
        .filter(({ brought }) => brought.some((part) => part.spec === spec.name))
        .map((worktree) => [worktree.id, { path: worktree.path, out_of_step: flagged(progress, worktree) }]),
    ),
  } as JsonObject;
}

function layerView(layer: LayerProgress): JsonObject {
  const [first] = layer.waitingForLayers;
  return {
    title: layer.title,
    status: layer.status,
    completed: layer.completed,
    total: layer.total,
    ...(first === undefined ? {} : { waiting_for: `layer_${first}` }),
    ...(layer.waitingFor.length === 0 ? {} : { waiting_for_tasks: layer.waitingFor }),
    ...Object.fromEntries(layer.blockingLayers.map((other) => [`blocking_layer_${other}`, true])),
  };
}

function taskView(spec: Spec, task: TaskDefinition, statuses: ReadonlyMap<string, TaskStatus>): JsonObject {
  const record = findRecord(spec, task.id);
  const status = statuses.get(task.id) ?? taskStatus(spec, task);
  const waiting = status === "blocked" ? blockersOf(spec, task) : [];
  return {
    status,
    title: task.title,
    ...(task.layer === undefined ? {} : { layer: task.layer }),
    dependencies: task.dependsOn,
    ...(task.inferred === undefined || task.inferred.length === 0 ? {} : { inferred_dependencies: task.inferred }),
    ...(task.agent === undefined ? {} : { assigned_to: task.agent }),
    ...(waiting.length === 0 ? {} : { waiting_for: waiting.map(named) }),
    ...(record === undefined ? {} : recordView(record)),
  } as JsonObject;
}

function named(blocker: ReturnType<typeof blockersOf>[number]): string {
  return blocker.kind === "task" ? blocker.on : blocker.kind === "layer" ? `layer_${blocker.layer}` : "file";
}

function recordView(record: TaskRecord): JsonObject {
  const { claim, work, pr, failure, notes } = record;
  const holder = claim ?? work;
  return defined({
    agent: holder?.agent,
    worktree: holder === undefined ? undefined : lastPart(holder.place.path),
    worktree_path: holder?.place.path,
    lane: holder?.place.lane,
    branch: holder?.place.branch,
    epoch: record.epoch,
    started_at: claim?.since ?? work?.startedAt,
    renewed_at: claim?.renewedAt,
    lease_ms: claim?.leaseMs,
    waiting_reason: claim?.waitingFor,
    completed_at: record.state === "in_progress" ? undefined : work?.completedAt,
    commit: work?.commit,
    no_code: work?.noCode,
    contains: work?.contains.filter(({ takenOut }) => takenOut !== true).map(({ task }) => task),
    landed: work?.landed?.commit,
    lost_at: work?.lostAt,
    pr: prName(pr),
    pr_url: pr?.url,
    pr_status: pr?.status,
    failure: failure?.reason,
    notes: notes.length === 0 ? undefined : notes.map((note) => ({ ...note })),
    status_changed_at: record.stateChangedAt,
  });
}

function prName(pr: PullRequest | undefined): string | undefined {
  return pr?.number === undefined ? undefined : `#${pr.number}`;
}

function flagged(progress: Progress, worktree: Progress["worktrees"][string]): JsonObject[] {
  return outOfStep(progress, worktree).map(({ part, why, replacement }) =>
    defined({ spec: part.spec, task: part.task, why, commit: part.commit, restack: replacement !== undefined }),
  );
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Without the fields that have no value. */
function defined(fields: Record<string, unknown>): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}
