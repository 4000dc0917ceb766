import { rename } from "node:fs/promises";
import { join } from "node:path";
import { processesInside } from "@orchard/host";
import type { WorktreePlace } from "../git/git-door.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { trashFolder } from "../repository/state-folders.ts";

/** An `index.lock` that a killed git left: in a linked worktree in which no process is left. It goes to the trash. */
export async function putAbandonedLockAside(repo: Repository, { root, gitDir }: WorktreePlace): Promise<void> {
  const lock = join(gitDir, "index.lock");
  if (gitDir === repo.place.commonDir || !(await isThere(lock)) || processesInside(root).length > 0) return;
  await rename(lock, join(await trashFolder(repo, "index-lock"), "index.lock"));
}
