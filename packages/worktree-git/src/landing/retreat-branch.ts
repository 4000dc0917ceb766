import type { Blocker } from "../checkout/blockers.ts";
import { retreatCheckout } from "../checkout/retreat-checkout.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";

/** Whether a branch is back where it was to go; if not, nothing has changed. */
export type Retreat =
  | { readonly kind: "moved" }
  /** The branch is not where it was seen. */
  | { readonly kind: "stale" }
  | { readonly kind: "blocked"; readonly checkout: string; readonly by: readonly Blocker[] };

/**
 * Moves a branch back to an ancestor, by compare-and-swap: by ref while no work tree has it checked out, else with that
 * checkout, if nothing of anybody's stands there. Whoever calls has pinned `from`. Again is fine.
 */
export async function retreatBranch(
  repo: Repository,
  branch: RefName,
  move: { readonly from: Oid; readonly to: Oid },
): Promise<Retreat> {
  const { from, to } = move;
  const tip = await repo.resolve(branch);
  const [checkout] = await repo.checkedOutAt(branch);
  if (checkout === undefined) {
    if (tip === to) return { kind: "moved" };
    return { kind: await repo.moveRef(branch, to, from, "orchard: taken back") };
  }
  if (tip !== from && tip !== to) return { kind: "stale" };
  const outcome = await retreatCheckout(repo, { worktree: checkout, from, to });
  return outcome.kind === "blocked" ? { kind: "blocked", checkout, by: outcome.by } : { kind: "moved" };
}

/** Remote-tracking branches that contain a commit: it was pushed, or came from there. */
export async function followersOf(repo: Repository, commit: Oid): Promise<readonly string[]> {
  const { stdout } = await repo.door.inRepository({
    command: "for-each-ref",
    options: [`--contains=${commit}`, "--format=%(refname)"],
    values: ["refs/remotes/"],
    limitMs: 300_000,
  });
  return stdout
    .toString("utf8")
    .split("\n")
    .filter((name) => name !== "");
}
