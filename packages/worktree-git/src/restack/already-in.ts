import { isOrchardError } from "@orchard/kernel";
import type { Hub } from "../hub/hub.ts";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";
import { patchIds } from "./patch-ids.ts";

/**
 * How the work up to a commit is in another one: as an ancestor, because merging it would change nothing (`tree`), or because
 * one commit there makes the same change as all of it (`patch`: a squash). `no`: it is not.
 */
export type AlreadyIn = "ancestor" | "tree" | "patch" | "no";

/** At most so many commits are looked at for one that makes the same change. */
const LOOKED_AT = 1000;

/**
 * Looks for the work up to `tip` in `target`, the cheapest way first; `no` also where the two have no commit in
 * common.
 */
export async function alreadyIn(
  repo: Repository,
  hub: Hub,
  { tip, target }: { readonly tip: Oid; readonly target: Oid },
): Promise<AlreadyIn> {
  if (await repo.isAncestor(tip, target)) return "ancestor";
  const base = await repo.mergeBase(tip, target);
  if (base === undefined) return "no";
  if (await changesNothing(hub, tip, target)) return "tree";
  const commits = await repo.log(base, target, LOOKED_AT);
  const single = commits.filter(({ parents }) => parents.length === 1).map(({ oid }) => ({ to: oid }));
  const [wanted, ...there] = await patchIds(repo, [{ from: base, to: tip }, ...single]);
  return wanted !== undefined && there.includes(wanted) ? "patch" : "no";
}

async function changesNothing(hub: Hub, tip: Oid, target: Oid): Promise<boolean> {
  try {
    const outcome = await hub.merge({ ours: target, theirs: tip });
    return outcome.kind === "merged" && outcome.tree === (await hub.treeOf(target));
  } catch (error) {
    if (isOrchardError(error, "UNRELATED_HISTORIES")) return false;
    throw error;
  }
}
