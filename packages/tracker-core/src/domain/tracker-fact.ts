import type { IsoTime, LaneId } from "@orchard/kernel";
import type { AttemptOutcome, RecordedProcess } from "./attempt.ts";
import type {
  BroughtIn,
  Clash,
  Conflict,
  Dropped,
  LandingEvidence,
  Lane,
  LaneDefinition,
  LaneResolve,
  LaneWork,
  RejectionCause,
  WaitingTask,
  WorkTakenOut,
} from "./lane.ts";
import type { Receipt } from "./receipt.ts";
import type { DriverOptions, Phase, TrackerStatus } from "./tracker.ts";
import type { UndoLanding, UndoPlan } from "./undo.ts";

/** What can have happened. Past tense, plain JSON, never changed once written. */
export type TrackerFact =
  | {
      readonly type: "tracker-initialized";
      readonly mainRepo: string;
      readonly worktreesDir: string;
      readonly base: string;
      readonly configHash: string;
    }
  | { readonly type: "config-accepted"; readonly hash: string }
  | {
      readonly type: "driver-started";
      readonly epoch: number;
      readonly identity: RecordedProcess;
      readonly command: string;
      readonly options?: DriverOptions | undefined;
    }
  /** The repository lies elsewhere now; what was recorded of its place is followed. */
  | { readonly type: "repository-moved"; readonly mainRepo: string; readonly worktreesDir: string }
  /** Something broken was mended; what it was, and where what stood there lies now. */
  | {
      readonly type: "repaired";
      readonly code: string;
      readonly what: string;
      readonly putAside: readonly string[];
    }
  | { readonly type: "driver-ended"; readonly epoch: number; readonly why: string }
  | { readonly type: "phase-changed"; readonly phase: Phase; readonly status: TrackerStatus }
  | {
      readonly type: "lane-added";
      readonly lane: LaneId;
      readonly definition: LaneDefinition;
      readonly attemptsAllowed: number;
    }
  /** A lane of an older plan that nothing was done for yet is gone. */
  | { readonly type: "lane-withdrawn"; readonly lane: LaneId }
  | { readonly type: "run-started"; readonly run: string; readonly workflow: "full" }
  | { readonly type: "run-phase-ended"; readonly run: string; readonly phase: Phase }
  | { readonly type: "run-ended"; readonly run: string; readonly outcome: string }
  | {
      readonly type: "lane-preparing";
      readonly lane: LaneId;
      readonly worktree: string;
      readonly branch: string;
      readonly start: string;
      readonly contains: readonly BroughtIn[];
    }
  | { readonly type: "worktree-ready"; readonly lane: LaneId; readonly head: string }
  /** What is the lane's alone while its worktree stands: port by variable, and a name for databases and the like. */
  | {
      readonly type: "environment-allocated";
      readonly lane: LaneId;
      readonly ports: Readonly<Record<string, number>>;
      readonly name: string;
    }
  /** Ignored files are brought in and the set-up command that `key` stands for has succeeded. */
  | { readonly type: "worktree-set-up"; readonly lane: LaneId; readonly key: string; readonly elapsedMs: number }
  | { readonly type: "worktree-updated"; readonly lane: LaneId; readonly head: string; readonly start: string }
  | {
      readonly type: "attempt-intended";
      readonly lane: LaneId;
      readonly token: string;
      readonly number: number;
      readonly agent: string;
    }
  | {
      readonly type: "attempt-started";
      readonly lane: LaneId;
      readonly token: string;
      readonly supervisor: RecordedProcess;
    }
  | {
      readonly type: "attempt-adopted";
      readonly lane: LaneId;
      readonly token: string;
      readonly supervisor: RecordedProcess;
    }
  | { readonly type: "attempt-ended"; readonly lane: LaneId; readonly token: string; readonly end: AttemptOutcome }
  | { readonly type: "attempt-abandoned"; readonly lane: LaneId; readonly token: string; readonly reason: string }
  | { readonly type: "work-judged"; readonly lane: LaneId; readonly token: string; readonly head: string }
  | { readonly type: "lane-completed"; readonly lane: LaneId; readonly work: LaneWork }
  | {
      readonly type: "attempt-failed";
      readonly lane: LaneId;
      readonly cause: string;
      readonly reason: string;
      /** When the next attempt may start; absent: none follows, the lane has failed. */
      readonly retryAt?: IsoTime | undefined;
    }
  | { readonly type: "lane-parked"; readonly lane: LaneId; readonly waits: readonly WaitingTask[] }
  /** All its tasks are done by now; what its last attempt left is judged. */
  | { readonly type: "lane-unparked"; readonly lane: LaneId }
  | { readonly type: "work-restacked"; readonly lane: LaneId; readonly from: string; readonly head: string }
  | {
      readonly type: "lane-progressed";
      readonly lane: LaneId;
      readonly progress?: string | undefined;
      /** Names below `docs/_generated`; those told before count no more. */
      readonly results?: readonly string[] | undefined;
      readonly by: string;
    }
  | { readonly type: "stop-requested"; readonly lane: LaneId; readonly reason: string }
  | { readonly type: "lane-stopped"; readonly lane: LaneId; readonly reason: string }
  | { readonly type: "retry-requested"; readonly lane: LaneId; readonly fresh: boolean; readonly attempts: number }
  | {
      readonly type: "base-checked";
      readonly commit: string;
      readonly green: boolean;
      readonly receipts: readonly Receipt[];
      /** Every command was run, also after a red one, and the failures are named: others can be compared with it. */
      readonly whole?: boolean | undefined;
    }
  | { readonly type: "base-merge-intended"; readonly from: string; readonly candidate: string }
  | { readonly type: "base-merged"; readonly from: string; readonly candidate: string }
  | {
      readonly type: "base-conflicted";
      readonly base: string;
      readonly landed: string;
      readonly files: readonly string[];
    }
  | { readonly type: "base-followed"; readonly commit: string }
  | { readonly type: "base-behind"; readonly landed: string; readonly why: string }
  | {
      readonly type: "landing-intended";
      readonly lane: LaneId;
      readonly head: string;
      readonly from: string;
      readonly candidate: string;
      readonly evidence?: LandingEvidence | undefined;
    }
  /** What was landed is taken back; what it did is in {@link UndoLanding}. */
  | {
      readonly type: "landing-undone";
      readonly lane: LaneId;
      readonly head: string;
      readonly commit: string;
      readonly how: "rewind" | "revert";
      readonly start?: string | undefined;
      readonly tasks?: readonly WorkTakenOut[] | undefined;
      readonly by?: UndoLanding | undefined;
    }
  /** The lane is what it was before an operation that was taken back; `null`: there was none. */
  | { readonly type: "lane-put-back"; readonly lane: LaneId; readonly to: Lane | null }
  | { readonly type: "undo-intended"; readonly undo: UndoPlan }
  | {
      readonly type: "undo-ended";
      readonly id: string;
      readonly outcome: "done" | "abandoned";
      readonly reason?: string | undefined;
    }
  | { readonly type: "landing-abandoned"; readonly lane: LaneId; readonly candidate: string; readonly reason: string }
  | {
      readonly type: "lane-landed";
      readonly lane: LaneId;
      readonly head: string;
      readonly commit: string;
      readonly verified: boolean;
      readonly without?: readonly WorkTakenOut[] | undefined;
      /** Of a landing that comes again by an undo; else its announcement said it. */
      readonly evidence?: LandingEvidence | undefined;
    }
  | { readonly type: "lane-conflicted"; readonly lane: LaneId; readonly conflict: Conflict }
  | { readonly type: "resolve-started"; readonly lane: LaneId; readonly resolve: LaneResolve }
  | {
      readonly type: "lane-rejected";
      readonly lane: LaneId;
      readonly head: string;
      readonly onto: string;
      readonly reason: string;
      readonly receipts: readonly Receipt[];
      readonly cause?: RejectionCause | undefined;
      readonly clash?: Clash | undefined;
      readonly dropped?: Dropped | undefined;
    }
  | {
      readonly type: "worktree-removed";
      readonly lane: LaneId;
      readonly path: string;
      readonly number: number;
      readonly rescue: string;
      readonly trash: string;
      readonly why: string;
    }
  | { readonly type: "worktree-restored"; readonly lane: LaneId; readonly number: number; readonly path: string }
  | { readonly type: "tracker-reset" };

/** What kind of thing happened: the `type` of a fact of the tracker stream. */
export type TrackerFactType = TrackerFact["type"];
