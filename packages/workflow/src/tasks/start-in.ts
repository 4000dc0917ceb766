import { containedIn, findRewritten, type Oid, parseOid, type Repository } from "@orchard/worktree-git";
import type { Work } from "./finished-work.ts";

/** How many commits of one task are followed into a new history. */
const COMMITS_FOLLOWED = 200;

/**
 * Where rewritten work begins: before the first of its commits in the new history. After a rebase that is not where it
 * began before, and taking the work out must not take the base's own progress along. `undefined`: as before.
 */
export async function startIn(
  repository: Repository,
  { commit, work }: Work,
  { tip, by }: { readonly tip: Oid; readonly by: Oid },
): Promise<Oid | undefined> {
  const commits = (await repository.log(parseOid(work.start), commit, COMMITS_FOLLOWED))
    .map(({ oid }) => oid)
    .reverse();
  const inside = await containedIn(repository, { commits: commits.slice(0, 1), head: tip });
  if (inside.size > 0) return undefined;
  const rewritten = await findRewritten(repository, { tip, commits });
  const first = commits.map((oid) => rewritten.get(oid)).find((oid) => oid !== undefined) ?? by;
  return (await repository.commitInfo(first)).parents[0];
}
