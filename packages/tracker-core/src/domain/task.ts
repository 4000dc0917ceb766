import type { IsoTime } from "@orchard/kernel";
import type { RecordedProcess } from "./attempt.ts";
import type { Instant } from "./instant.ts";

/** What is recorded of a task; `available` and `blocked` are derived from `open` (see `taskStatus`). */
export type TaskState = "open" | "in_progress" | "completed" | "failed" | "cancelled" | "changes_requested";

/**
 * How a pull request stands; `none`: there is none that is known. A `rejected` one asks for changes to a completed
 * task.
 */
export type PrStatus = "none" | "pending_review" | "approved" | "merged" | "rejected";

/** Another task's work, as one commit. */
export interface ContainedTask {
  readonly task: string;
  readonly commit: string;
  /** Its history is there, its code was taken out again. */
  readonly takenOut?: true | undefined;
}

/** The worktree that a claim was taken in. */
export interface ClaimPlace {
  /** Random, kept in the worktree's own git dir: a path may be used again by another worktree. */
  readonly worktree: string;
  /** Absolute path. */
  readonly path: string;
  /** Full ref name; absent on a detached HEAD. */
  readonly branch?: string | undefined;
  readonly lane?: string | undefined;
}

/** An agent's exclusive right to a task. */
export interface Claim {
  /** Rises with every claim of the task; an older one's commands are refused. */
  readonly epoch: number;
  /** sha256 of the token that lies in the worktree's git dir. */
  readonly tokenHash: string;
  readonly agent: string;
  readonly place: ClaimPlace;
  /** HEAD when the task's own work began, with its dependencies' code in. */
  readonly start: string;
  readonly since: IsoTime;
  readonly renewedAt: IsoTime;
  /** Boot time of `renewedAt` in ms, and the boot it belongs to. */
  readonly renewedSinceBoot: number;
  readonly boot: string;
  /** The same without the time that the machine slept, where it tells. */
  readonly renewedAwake?: number | undefined;
  /** Since when the holder is spared: a jump of the clocks was noticed, and it gave no sign of life after. */
  readonly grace?: Instant | undefined;
  readonly leaseMs: number;
  /** The agent's process where it is known. */
  readonly process?: RecordedProcess | undefined;
  /** What the holder says it waits for (`block`). */
  readonly waitingFor?: string | undefined;
}

/** What proves that a task is done. */
export interface TaskWork {
  /** Absent: there was nothing to change, for `noCode`. */
  readonly commit?: string | undefined;
  readonly start: string;
  readonly agent: string;
  readonly place: ClaimPlace;
  readonly completedAt: IsoTime;
  readonly startedAt: IsoTime;
  /** The tasks whose code `commit` contains, its own not. */
  readonly contains: readonly ContainedTask[];
  readonly noCode?: string | undefined;
  /** Since when no branch holds the commit any more, and nothing was found in its place. */
  readonly lostAt?: IsoTime | undefined;
  /** The commit of the base branch that contains the work. */
  readonly landed?: { readonly commit: string; readonly at: IsoTime } | undefined;
}

/** A task's pull request, by its number and address on the host where they are known. */
export interface PullRequest {
  readonly number?: number | undefined;
  readonly url?: string | undefined;
  readonly status: PrStatus;
}

/** A remark that somebody left with a task; the newest 50 of a task are kept. */
export interface TaskNote {
  readonly at: IsoTime;
  readonly by: string;
  readonly text: string;
}

/** What a holder that had lost its claim handed in too late. */
export interface LateEvidence {
  readonly at: IsoTime;
  readonly agent: string;
  readonly epoch: number;
  readonly verb: string;
  readonly commit?: string | undefined;
}

/** Everything that happened to a task; what the task is stands in the definition. */
export interface TaskRecord {
  readonly id: string;
  readonly state: TaskState;
  readonly stateChangedAt: IsoTime;
  /** The highest epoch that was ever given. */
  readonly epoch: number;
  readonly claim?: Claim | undefined;
  /** Where the last claim began that ended without work: whoever goes on in the same worktree goes on from there. */
  readonly left?: { readonly worktree: string; readonly start: string; readonly at: IsoTime } | undefined;
  /** Kept when the task is reopened or rejected: who contains it must know the commit. */
  readonly work?: TaskWork | undefined;
  readonly pr?: PullRequest | undefined;
  readonly failure?: { readonly reason: string; readonly at: IsoTime } | undefined;
  readonly notes: readonly TaskNote[];
  readonly late: readonly LateEvidence[];
}

export const NOTES_KEPT = 50;

/** Its work counts for those that depend on it. */
export function isDone(record: TaskRecord | undefined): boolean {
  return record?.state === "completed" && record.work?.lostAt === undefined;
}
