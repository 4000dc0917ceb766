import type { Hub } from "../hub/hub.ts";
import type { BatchedMerge } from "../hub/merge-many.ts";
import type { Oid } from "../object-id.ts";
import type { Person } from "../repository/repository.ts";
import { type Composed, type ComposedStep, withLineEnd } from "./composed.ts";

/** Commits that `head` is to contain. */
export interface BringInRequest {
  readonly head: Oid;
  /** In this order, each merged into the result of those before it. */
  readonly commits: readonly { readonly commit: Oid; readonly message: string }[];
  /** Without it the repository's own identity. */
  readonly author?: Person;
}

/**
 * Merges the commits that `head` lacks, each as a commit of two parents, and stops at the first conflict. Contained
 * is what ancestry says: a commit that {@link replaceCommits} took out counts as contained and must be put back by that.
 * Throws `UNRELATED_HISTORIES`, `OBJECT_MISSING`.
 */
export async function bringIn(hub: Hub, { head, commits, author }: BringInRequest): Promise<Composed> {
  if (commits.length === 0) return { kind: "composed", commit: head, steps: [] };
  const { results } = await hub.mergeMany({
    ours: head,
    merges: commits.map(({ commit, message }) => ({
      theirs: commit,
      message: withLineEnd(message),
      ...(author === undefined ? {} : { author }),
    })),
    stopAtConflict: true,
  });
  const steps: ComposedStep[] = [];
  let onto = head;
  let tree = await hub.treeOf(head);
  for (const [at, result] of results.entries()) {
    const { commit } = commits[at]!;
    if (result.kind === "conflicted") {
      return { kind: "conflicted", at, onto, done: steps, theirs: commit, files: result.files };
    }
    const after = stateAfter(result, { commit: onto, tree });
    steps.push({ commit, by: after.commit, changed: after.tree !== tree });
    onto = after.commit;
    tree = after.tree;
  }
  return { kind: "composed", commit: onto, steps };
}

interface HeadState {
  readonly commit: Oid;
  readonly tree: Oid;
}

function stateAfter(result: Exclude<BatchedMerge, { readonly kind: "conflicted" }>, before: HeadState): HeadState {
  return result.kind === "merged" ? result : before;
}
