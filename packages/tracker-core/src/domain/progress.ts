import type { IsoTime } from "@orchard/kernel";
import type { Spec } from "./spec.ts";
import type { ContainedTask, TaskRecord } from "./task.ts";

/** The stream of the journal that this state is the fold of. */
export const SPEC_STREAM = "spec";

/** Work of a task that a worktree contains, its own finished tasks not. */
export interface BroughtTask extends ContainedTask {
  readonly spec: string;
  /** The commit of this worktree that brought it in. */
  readonly by: string;
  /** What counts as its own base: taking it out puts that in its place. */
  readonly start: string;
}

/** A change of a checkout that was announced and is not yet confirmed. */
export interface WorktreeMove {
  readonly why: "start" | "restack";
  readonly from: string;
  readonly to: string;
  /** What the worktree contains in place of before, once it is at `to`. */
  readonly brought: readonly BroughtTask[];
  /** Commits that prove this worktree's own finished tasks from then on, and those at which their work begins. */
  readonly proofs: readonly {
    readonly spec: string;
    readonly task: string;
    readonly from: string;
    readonly to: string;
    readonly start: string;
  }[];
  /** Where the work of the tasks begins that are worked on in this worktree. */
  readonly starts: readonly {
    readonly spec: string;
    readonly task: string;
    readonly from: string;
    readonly to: string;
  }[];
}

/** A conflict that somebody resolves in a worktree of its own. */
export interface WorktreeConflict {
  readonly why: "start" | "restack";
  readonly spec: string;
  /** The task whose code conflicts. */
  readonly task: string;
  readonly path: string;
  readonly branch: string;
  /** First parent of the resolution. */
  readonly onto: string;
  readonly theirs: string;
  readonly base?: string | undefined;
  /** HEAD of the worktree when the conflict was met. */
  readonly from: string;
  /** What the resolution brings in or replaces. */
  readonly brought: readonly BroughtTask[];
}

/** What is known of a worktree in which tasks are worked on. */
export interface TaskWorktree {
  readonly id: string;
  readonly path: string;
  readonly branch?: string | undefined;
  readonly brought: readonly BroughtTask[];
  /** When its code was last brought in or replaced. */
  readonly changedAt?: IsoTime | undefined;
  readonly move?: WorktreeMove | undefined;
  readonly conflict?: WorktreeConflict | undefined;
  /** Where our own changes took the checkout, oldest first. */
  readonly moved?: readonly { readonly from: string; readonly to: string }[] | undefined;
}

/** So many moves of a worktree are remembered: what follows them follows soon. */
export const MOVES_KEPT = 100;

/** The commit that our own changes of the checkout made of `head`; `head` itself when they made nothing of it. */
export function followMoves({ moved = [] }: Pick<TaskWorktree, "moved">, head: string): string {
  return moved.reduce((at, { from, to }) => (from === at ? to : at), head);
}

/** Everything the spec stream adds up to. Plain JSON. */
export interface Progress {
  readonly updatedAt: IsoTime;
  readonly specs: Readonly<Record<string, Spec>>;
  /** By the worktree's id. */
  readonly worktrees: Readonly<Record<string, TaskWorktree>>;
  /** Where branches of interest stood when they were last looked at, by full ref name. */
  readonly tips: Readonly<Record<string, string>>;
}

/** The state before the first fact of the spec stream. */
export const EMPTY_PROGRESS: Progress = {
  updatedAt: "1970-01-01T00:00:00.000Z",
  specs: {},
  worktrees: {},
  tips: {},
};

/** One task's record, and the spec that it belongs to. */
export interface RecordedTask {
  readonly spec: string;
  readonly task: string;
  readonly record: TaskRecord;
}

/** Every task of every spec that anything happened to. */
export function recordedTasks({ specs }: Progress): readonly RecordedTask[] {
  return Object.values(specs).flatMap(({ name, tasks }) =>
    Object.values(tasks).map((record) => ({ spec: name, task: record.id, record })),
  );
}

/** The spec with this name, also one whose file is gone; `undefined` when none was ever read. */
export function findSpec(progress: Progress, name: string): Spec | undefined {
  return Object.hasOwn(progress.specs, name) ? progress.specs[name] : undefined;
}

/** A worktree by its id; `undefined` when nothing is known of it. */
export function findTaskWorktree(progress: Progress, id: string): TaskWorktree | undefined {
  return Object.hasOwn(progress.worktrees, id) ? progress.worktrees[id] : undefined;
}

/** What happened to a task; `undefined` when nothing did, or when the spec is not known. */
export function findTask(progress: Progress, spec: string, task: string): TaskRecord | undefined {
  const found = findSpec(progress, spec);
  return found !== undefined && Object.hasOwn(found.tasks, task) ? found.tasks[task] : undefined;
}
