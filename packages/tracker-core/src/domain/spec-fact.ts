import type { IsoTime } from "@orchard/kernel";
import type { BroughtTask, WorktreeConflict, WorktreeMove } from "./progress.ts";
import type { SpecDefinition } from "./spec.ts";
import type { Claim, ClaimPlace, ContainedTask, PullRequest } from "./task.ts";

/** What can have happened to the tasks of specs. Past tense, plain JSON, never changed once written. */
export type SpecFact =
  | { readonly type: "spec-defined"; readonly spec: string; readonly definition: SpecDefinition }
  | { readonly type: "spec-gone"; readonly spec: string }
  | ({ readonly spec: string; readonly task: string } & TaskFactBody)
  | { readonly type: "worktree-seen"; readonly place: ClaimPlace }
  | { readonly type: "worktree-move-intended"; readonly worktree: string; readonly move: WorktreeMove }
  | { readonly type: "worktree-moved"; readonly worktree: string }
  | { readonly type: "worktree-move-abandoned"; readonly worktree: string; readonly reason: string }
  | { readonly type: "worktree-conflicted"; readonly worktree: string; readonly conflict: WorktreeConflict }
  | { readonly type: "worktree-conflict-ended"; readonly worktree: string; readonly how: "resolved" | "abandoned" }
  | { readonly type: "worktree-contents-seen"; readonly worktree: string; readonly brought: readonly BroughtTask[] }
  | { readonly type: "tips-seen"; readonly tips: Readonly<Record<string, string | null>> };

/** What can have happened to one task. */
type TaskFactBody =
  | { readonly type: "task-claimed"; readonly claim: Claim }
  | {
      readonly type: "claim-renewed";
      readonly epoch: number;
      readonly sinceBoot: number;
      readonly boot: string;
      readonly awake?: number | undefined;
      /** When the sign of life was given, if before now. */
      readonly at?: IsoTime | undefined;
      /** The claim's holder goes on: it waits for nothing any more. */
      readonly byHolder: boolean;
    }
  | {
      readonly type: "claim-graced";
      readonly epoch: number;
      readonly sinceBoot: number;
      readonly boot: string;
      readonly awake?: number | undefined;
    }
  | { readonly type: "claim-waiting"; readonly epoch: number; readonly reason: string }
  | { readonly type: "claim-released"; readonly epoch: number; readonly reason: string }
  | { readonly type: "claim-taken-over"; readonly epoch: number; readonly by: string; readonly why: string }
  | {
      readonly type: "task-completed";
      readonly epoch: number;
      readonly commit?: string | undefined;
      readonly start: string;
      readonly contains: readonly ContainedTask[];
      readonly noCode?: string | undefined;
      readonly pr?: PullRequest | undefined;
    }
  | { readonly type: "task-failed"; readonly epoch: number; readonly reason: string; readonly cancelled: boolean }
  | { readonly type: "task-reopened"; readonly by: string; readonly reason?: string | undefined }
  | { readonly type: "task-noted"; readonly by: string; readonly text: string }
  | { readonly type: "pr-changed"; readonly pr: PullRequest; readonly by: string }
  | {
      readonly type: "evidence-late";
      readonly agent: string;
      readonly epoch: number;
      readonly verb: string;
      readonly commit?: string | undefined;
    }
  | {
      readonly type: "work-replaced";
      readonly from: string;
      readonly to: string;
      /** Where the work begins in the new history, where that is another commit. */
      readonly start?: string | undefined;
      readonly contains?: readonly ContainedTask[] | undefined;
    }
  | { readonly type: "work-lost"; readonly commit: string }
  | { readonly type: "work-found"; readonly commit: string }
  | { readonly type: "work-landed"; readonly commit: string }
  /** The landing that brought `commit` was taken back. */
  | { readonly type: "work-unlanded"; readonly commit: string };

/** A fact about one task. */
export type TaskFact = Extract<SpecFact, { readonly task: string }>;
/** What kind of thing happened: the `type` of a fact of the spec stream. */
export type SpecFactType = SpecFact["type"];
