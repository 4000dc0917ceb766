import type { Lane } from "@orchard/tracker-core";
import { branchRef, parseOid } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";

/**
 * Tells of commits on a lane's branch that came after the work that was verified: they do not land with it. They stay
 * on the branch, and the clean-up keeps their worktree.
 */
export async function tellLaterCommits(driver: Driver, { work, worktree }: Lane): Promise<void> {
  if (work === undefined || worktree === undefined) return;
  const repository = await driver.orchard.repository();
  const verified = parseOid(work.head);
  const tip = await repository.resolve(branchRef(worktree.branch));
  if (tip === undefined || tip === verified || !(await repository.isAncestor(verified, tip))) return;
  const count = await repository.countCommits(verified, tip);
  const commits = count === 1 ? "1 commit" : `${count} commits`;
  driver.orchard.ports.report({
    type: "warning",
    text: `${worktree.branch} has ${commits} after ${work.head.slice(0, 10)}, the work that was verified; not part of what lands.`,
    hint: `They stay on ${worktree.branch}; bring them in by a lane of their own, or: git merge ${worktree.branch}`,
  });
}
