import { join } from "node:path";
import type { WorktreePlace } from "../git/git-door.ts";
import type { Oid } from "../object-id.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { refuseSilencedDrivers } from "./silenced-drivers.ts";

const AT_ONCE = 4;
/** How long git may take to write the files of a whole work tree. */
export const CHECKOUT_LIMIT_MS = 30 * 60_000;

/**
 * Writes every file of `commit` into an empty work tree. Four at a time: more only make the disk wait. `variables` mark
 * the git that writes, for whoever comes after a starter that died.
 */
export async function checkOutFresh(
  repo: Repository,
  worktree: WorktreePlace,
  commit: Oid,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  await refuseSilencedDrivers(repo, worktree.gitDir, commit);
  await writeInTurn(repo, worktree, { trees: [commit], variables });
}

/** `git read-tree -m -u` of one tree, or from one to another, in its turn among those that write whole work trees. */
export async function writeInTurn(
  repo: Repository,
  worktree: WorktreePlace,
  { trees, variables }: { readonly trees: readonly Oid[]; readonly variables: Readonly<Record<string, string>> },
): Promise<void> {
  const filtered = repo.accepted.some(({ key }) => /^filter\./i.test(key));
  await inTurn(filtered ? 1 : AT_ONCE, async () => {
    await repo.door.inWorktree(worktree, {
      command: "read-tree",
      options: ["-m", "-u"],
      values: trees,
      variables,
      limitMs: CHECKOUT_LIMIT_MS,
    });
  });
}

/** Ready is what the disk says: the index holds exactly `commit`, and nobody is writing it. */
export async function isReady(repo: Repository, worktree: WorktreePlace, commit: Oid): Promise<boolean> {
  if (await isThere(join(worktree.gitDir, "index.lock"))) return false;
  if (!(await isThere(join(worktree.gitDir, "index")))) return false;
  const { code } = await repo.door.inWorktree(worktree, {
    command: "diff-index",
    options: ["--cached", "--quiet", "--ignore-submodules=none"],
    values: [commit],
    codes: [0, 1],
  });
  return code === 0;
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn(atOnce: number, work: () => Promise<void>): Promise<void> {
  while (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}
