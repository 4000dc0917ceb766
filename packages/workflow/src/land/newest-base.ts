import { requireHome } from "@orchard/tracker-core";
import { type Oid, parseRef } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { ensureLanded } from "./landed.ts";

/**
 * Where new work begins: at what has landed, with the commits that the base branch gained by itself since. Nothing is
 * moved: they are verified and brought into what has landed by the next landing. Where the two contradict each other,
 * at what has landed.
 */
export async function newestBase(orchard: Orchard): Promise<Oid> {
  const repository = await orchard.repository();
  const base = parseRef(requireHome(await orchard.tracker()).base);
  const landed = await ensureLanded(repository, base);
  const tip = await repository.resolve(base);
  if (tip === undefined || (await repository.isAncestor(tip, landed))) return landed;
  if (await repository.isAncestor(landed, tip)) return tip;
  const hub = await orchard.hub();
  const merge = await hub.merge({ ours: landed, theirs: tip });
  if (merge.kind !== "merged") return landed;
  return hub.commit({
    tree: merge.tree,
    parents: [landed, tip],
    message: `Bring in ${base.replace("refs/heads/", "")}\n`,
    author: await repository.identity(),
  });
}
