import type { Oid } from "../object-id.ts";
import type { Person } from "../repository/repository.ts";
import type { ConflictedFile, ConflictStage } from "./parse-merge-tree.ts";

/** What came of a merge. `alreadyMerged`: `ours` contains `theirs`, and there is nothing to commit. */
export type MergeResult =
  | { readonly kind: "merged"; readonly tree: Oid }
  | { readonly kind: "alreadyMerged" }
  | {
      readonly kind: "conflicted";
      readonly files: readonly ConflictedFile[];
      /** The merged tree, conflict markers in the files. */
      readonly tree: Oid;
      readonly stages: readonly ConflictStage[];
      /** By which commits the markers name the two sides: with a `base` of one's own not those that were given. */
      readonly marked: { readonly ours: Oid; readonly theirs: Oid };
    };

/** Two commits to merge; `ours` is the first side in conflict markers, and its attributes count. */
export interface MergeRequest {
  readonly ours: Oid;
  readonly theirs: Oid;
  /** What the two are compared with; without it their common ancestors. With it nothing is ever `alreadyMerged`. */
  readonly base?: Oid;
}

/** What a commit is to say; its parents in this order. */
export interface CommitRequest {
  readonly tree: Oid;
  readonly parents: readonly Oid[];
  readonly message: string;
  /** Without it the repository's own identity. The committer is always that. */
  readonly author?: Person;
  /** Seconds since 1970; without it the time of the call. */
  readonly at?: number;
}
