import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";
import { underRegistration } from "../worktrees/registration.ts";
import { nextRescueNumber } from "./next-rescue-number.ts";
import { pinWork } from "./pin-work.ts";
import { rescueRef } from "./rescue-name.ts";

/**
 * Pins everything that the git dir of a worktree leads to (HEAD, reflogs, index, operations in progress) under a
 * rescue ref, and leaves the worktree where it is. Its files are not copied. Throws `NOT_A_WORKTREE`.
 */
export async function pinWorktree(
  repo: Repository,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<{ readonly rescue: RefName; readonly number: number }> {
  rescueRef({ name, number: 1 });
  return underRegistration(repo, `pin the work in ${path}`, async () => {
    const number = await nextRescueNumber(repo, name);
    const rescue = rescueRef({ name, number });
    const commit = await pinWork(repo, await requireWorktree(repo, path), `Pinned in ${path}\n`);
    if ((await repo.createRef(rescue, commit, "orchard: pinned")) === "stale") {
      throw new Error(`${rescue} appeared while the mutex was held`);
    }
    return { rescue, number };
  });
}
