import { dirname, join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import type { RefName } from "../ref-name.ts";
import { namesIn } from "../repository/names-in.ts";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";
import { type ListedWorktree, parseWorktreeList } from "./parse-worktree-list.ts";
import { repairRegistrations, underRegistration } from "./registration.ts";

/** A work tree that git has on record, the main one or a linked one. */
export interface Worktree extends ListedWorktree {
  /** Its own git dir: `<git common dir>/worktrees/<name>`, of the main one the common dir itself. */
  readonly gitDir: string;
  readonly main: boolean;
}

/** All work trees as they were at one moment. */
export interface WorktreeSnapshot {
  readonly worktrees: readonly Worktree[];
  byPath(path: string): Worktree | undefined;
  byBranch(branch: RefName): Worktree | undefined;
}

/**
 * Reads the list once. When a registration that another process is just making, or that a crash left half made,
 * breaks git's own list, it is read again behind the mutex, the half-made one put aside.
 */
export async function readWorktrees(repo: Repository): Promise<WorktreeSnapshot> {
  try {
    return await listWorktrees(repo);
  } catch (error) {
    if (!isOrchardError(error, "GIT_FAILED")) throw error;
    return underRegistration(repo, "read the worktrees", async () => {
      await repairRegistrations(repo);
      return listWorktrees(repo);
    });
  }
}

/** {@link readWorktrees} for a caller that holds the mutex, or can live with a failure. */
export async function listWorktrees(repo: Repository): Promise<WorktreeSnapshot> {
  const { stdout } = await repo.door.inRepository({ command: "worktree list", options: ["--porcelain", "-z"] });
  const gitDirs = await adminFolders(repo.place.commonDir);
  const worktrees = parseWorktreeList(stdout).map((listed, index): Worktree => {
    const main = index === 0;
    const path = main ? repo.place.mainRoot : listed.path;
    return { ...listed, path, main, gitDir: main ? repo.place.commonDir : (gitDirs.get(listed.path) ?? "") };
  });
  const paths = new Map(worktrees.map((each) => [each.path, each]));
  const branches = new Map(
    worktrees.flatMap((each) => (each.branch === undefined ? [] : [[each.branch, each] as const])),
  );
  return { worktrees, byPath: (path) => paths.get(path), byBranch: (branch) => branches.get(branch) };
}

/** Which admin folder belongs to which work tree, by its `gitdir` file. */
async function adminFolders(commonDir: string): Promise<ReadonlyMap<string, string>> {
  const folder = join(commonDir, "worktrees");
  const found = new Map<string, string>();
  for (const name of await namesIn(folder)) {
    const text = await plainText(join(folder, name, "gitdir"));
    if (text.trim() !== "") found.set(dirname(text.replace(/\s+$/, "")), join(folder, name));
  }
  return found;
}
