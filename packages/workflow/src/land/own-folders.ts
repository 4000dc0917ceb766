import type { Oid, Repository } from "@orchard/worktree-git";

/** Folders of the checkout in which Orchard writes; whatever a lane put there would be taken for its own, links too. */
const OWN = [".orchestration", ".worktrees"];

/** A path between the two commits that lies where only Orchard may write, if there is one. */
export async function pathInOwnFolders(repository: Repository, from: Oid, to: Oid): Promise<string | undefined> {
  const changed = await repository.changedPaths(from, to);
  return changed.map(({ path }) => path).find((path) => OWN.includes(path.split("/")[0] ?? ""));
}
