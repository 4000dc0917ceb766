import { advanceCheckout } from "../checkout/advance-checkout.ts";
import type { Blocker } from "../checkout/blockers.ts";
import { baseMissing } from "../errors.ts";
import type { Oid } from "../object-id.ts";
import { parseRef, type RefName, shortName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";

/** Where the base branch stands beside what has landed. */
export type FollowOutcome =
  /** The base branch has everything that landed. */
  | { readonly kind: "current" | "advanced"; readonly commit: Oid }
  /** Landed, not yet in this checkout, and why. */
  | { readonly kind: "behind"; readonly checkout: string; readonly by: readonly Blocker[] }
  /** The base branch gained commits of its own; they must be merged with what landed first. */
  | { readonly kind: "diverged"; readonly base: Oid; readonly landed: Oid };

/** `refs/orch/landed/<base>`: where a landing arrives first. */
export function landedRef(base: RefName): RefName {
  return parseRef(`refs/orch/landed/${shortName(base)}`);
}

/**
 * Lets the base branch follow what landed, forward only: by ref while no work tree has it checked out, else with
 * that checkout. Without anything landed it is `current`. Throws `BASE_MISSING`.
 */
export async function followLanded(repo: Repository, base: RefName): Promise<FollowOutcome> {
  const [tip, landed] = await Promise.all([repo.resolve(base), repo.resolve(landedRef(base))]);
  if (tip === undefined) throw baseMissing(base);
  if (landed === undefined || tip === landed || (await repo.isAncestor(landed, tip)))
    return { kind: "current", commit: tip };
  if (!(await repo.isAncestor(tip, landed))) return { kind: "diverged", base: tip, landed };
  const [checkout] = await repo.checkedOutAt(base);
  if (checkout !== undefined) return followWithCheckout(repo, checkout, tip, landed);
  const outcome = await repo.moveRef(base, landed, tip, "orchard: landed");
  return outcome === "moved" ? { kind: "advanced", commit: landed } : followLanded(repo, base);
}

async function followWithCheckout(repo: Repository, checkout: string, tip: Oid, landed: Oid): Promise<FollowOutcome> {
  const outcome = await advanceCheckout(repo, { worktree: checkout, from: tip, to: landed });
  if (outcome.kind === "blocked") return { kind: "behind", checkout, by: outcome.by };
  return { kind: "advanced", commit: landed };
}
