import type { OutOfStepWhy, TaskBlocker, TaskNote, TaskStatus } from "@orchard/tracker-core";

/** Work of another task that came into the worktree. */
export interface CameAlong {
  readonly spec: string;
  readonly task: string;
  readonly agent: string;
  readonly commit: string;
  /** It was not asked for: the commit of another contains it. */
  readonly along: boolean;
}

/** Two tasks' work does not fit together. The worktree is as it was, and no claim was taken. */
export interface TaskConflict {
  readonly kind: "conflicted";
  readonly spec: string;
  /** The task that was to be started, or `undefined` for a restack. */
  readonly task: string | undefined;
  /** The task whose code does not fit. */
  readonly with: string;
  /** Tasks already in the worktree that changed the same files. */
  readonly other: readonly string[];
  readonly files: readonly string[];
  /** The worktree with the merge in progress; absent when none was asked for. */
  readonly resolve?: { readonly path: string; readonly branch: string } | undefined;
}

export type StartOutcome =
  | {
      readonly kind: "started" | "yours";
      readonly spec: string;
      readonly task: string;
      readonly epoch: number;
      readonly leaseMs: number;
      readonly head: string;
      readonly came: readonly CameAlong[];
      /** Whose claim was taken over, and why. */
      readonly tookOver?: { readonly agent: string; readonly why: string } | undefined;
    }
  | TaskConflict;

export interface CompleteOutcome {
  readonly spec: string;
  readonly task: string;
  readonly commit: string | undefined;
  readonly repeated: boolean;
  /** Tasks whose code the commit contains too. */
  readonly contains: readonly string[];
  /** Tasks that could not be started before and can be now. */
  readonly unblocked: readonly string[];
  /** Worktrees that contain an older commit of this task. */
  readonly outdated: readonly string[];
}

/** One thing in the asker's worktree that is not what it stands for. */
export interface Flag {
  readonly spec: string;
  readonly task: string;
  /** `missing`: the worktree's history does not hold it any more. */
  readonly why: OutOfStepWhy | "missing";
  readonly commit: string;
  /** Whether `restack` can do something about it now. */
  readonly restack: boolean;
}

export type RestackOutcome =
  | { readonly kind: "nothing"; readonly waitingFor: readonly Flag[] }
  | { readonly kind: "restacked"; readonly from: string; readonly to: string; readonly replaced: readonly Flag[] }
  | { readonly kind: "abandoned"; readonly rescue: string | undefined }
  | TaskConflict;

export interface WhyTask {
  readonly spec: string;
  readonly task: string;
  readonly status: TaskStatus;
  readonly sentence: string;
  readonly next: string | undefined;
  readonly blockers: readonly TaskBlocker[];
  /** From the task down to what really has to be done first. */
  readonly chain: readonly string[];
  /** The newest notes beside the task, newest first. */
  readonly notes: readonly TaskNote[];
}
