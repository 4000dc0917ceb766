import { commitNotContained } from "../errors.ts";
import type { Hub } from "../hub/hub.ts";
import type { Oid } from "../object-id.ts";
import type { Person } from "../repository/repository.ts";
import { type Composed, type ComposedStep, withLineEnd } from "./composed.ts";

/** One commit to put in the place of another. */
export interface Replacement {
  /** What `head` contains now. */
  readonly from: Oid;
  /**
   * What it shall have instead: the new form of `from`, or the commit that `from` was built on, to take it out.
   * Exchanged they put it back.
   */
  readonly to: Oid;
  readonly message: string;
}

/** What is to be replaced in what `head` contains. */
export interface ReplaceRequest {
  readonly head: Oid;
  /** In this order, each on the result of those before it. */
  readonly replacements: readonly Replacement[];
  /** Without it the repository's own identity. */
  readonly author?: Person;
}

/**
 * Puts other commits in the place of commits that `head` contains, forward, without rewriting history: a three-way
 * merge with `from` as base, the head so far as ours and `to` as theirs. Its parents are the head and `to`, or the
 * head alone where that contains `to` already. Stops at the first conflict.
 *
 * `from` stays in the history. From then on ancestry says "contained" of commits that were taken out: whoever calls
 * this keeps the record of what is in.
 * Throws `COMMIT_NOT_CONTAINED` when the head does not contain `from`, `OBJECT_MISSING`.
 */
export async function replaceCommits(hub: Hub, { head, replacements, author }: ReplaceRequest): Promise<Composed> {
  const { repo } = hub;
  const steps: ComposedStep[] = [];
  let onto = head;
  for (const [at, { from, to, message }] of replacements.entries()) {
    if (!(await repo.isAncestor(from, onto))) throw commitNotContained(from, onto);
    const merge = await hub.merge({ ours: onto, theirs: to, base: from });
    if (merge.kind === "conflicted") {
      await keep();
      return { kind: "conflicted", at, onto, done: steps, base: from, theirs: to, files: merge.files };
    }
    const before = await hub.treeOf(onto);
    const tree = merge.kind === "merged" ? merge.tree : before;
    const contained = await repo.isAncestor(to, onto);
    const changed = tree !== before;
    if (changed || !contained) {
      const parents = contained ? [onto] : [onto, to];
      const text = { tree, parents, message: withLineEnd(message), ...(author === undefined ? {} : { author }) };
      onto = await hub.commit(text);
    }
    steps.push({ commit: to, by: onto, changed });
  }
  await keep();
  return { kind: "composed", commit: onto, steps };

  async function keep(): Promise<void> {
    if (onto !== head) await repo.makeDurable(onto, head);
  }
}
