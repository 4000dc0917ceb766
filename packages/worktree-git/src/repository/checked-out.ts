import { join } from "node:path";
import type { RefName } from "../ref-name.ts";
import { readWorktrees } from "../worktrees/read-worktrees.ts";
import { plainText } from "./plain-text.ts";
import type { Repository } from "./repository.ts";

/**
 * Work trees that have `ref` checked out. A rebase or bisect detaches HEAD and comes back to its branch at the
 * end, so its work tree counts.
 */
export async function checkedOutAt(repo: Repository, ref: RefName): Promise<readonly string[]> {
  const { worktrees } = await readWorktrees(repo);
  const found: string[] = [];
  for (const { path, branch, gitDir } of worktrees) {
    if (branch === ref || (branch === undefined && (await comesBackTo(gitDir)).includes(ref))) found.push(path);
  }
  return found;
}

const REMEMBERS_A_BRANCH = ["rebase-merge/head-name", "rebase-apply/head-name", "BISECT_START"];

async function comesBackTo(gitDir: string): Promise<readonly string[]> {
  const texts = REMEMBERS_A_BRANCH.map((name) => plainText(join(gitDir, name)));
  return (await Promise.all(texts)).flatMap((text) => {
    const name = text.trim();
    return name === "" ? [] : [name.startsWith("refs/") ? name : `refs/heads/${name}`];
  });
}
