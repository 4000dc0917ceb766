import { cp, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, writeDurable } from "@orchard/host";
import { onDisk } from "../checkout/blockers.ts";
import { splitNul } from "../git/paths.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { trashFolder } from "../repository/state-folders.ts";
import { recordedRoot, requireWorktree, whyTampered } from "../worktrees/find-worktree.ts";
import type { Worktree } from "../worktrees/read-worktrees.ts";
import { moveFolder } from "./move-folder.ts";
import { POOL_REASON } from "./place-in-pool.ts";
import { putBack } from "./put-back.ts";
import { type TrashEntry, trashOf } from "./trash-entry.ts";

/** A removal whose tracked files go on to the pool. */
export interface RetiredEntry extends TrashEntry {
  readonly retiredTo: string;
}

export function isRetired(entry: TrashEntry): entry is RetiredEntry {
  return entry.retiredTo !== undefined;
}

/**
 * Copies the admin folder and moves ignored files to the trash, then moves what is tracked to the pool: detached, with
 * nothing in its admin folder that was anybody's. False where something would not be copied or moved: the worktree is then
 * as it was, for the caller to move it as a whole. The caller holds the mutex and has just asked `placeInPool`.
 */
export async function retire(repo: Repository, entry: RetiredEntry): Promise<boolean> {
  try {
    await copyAdmin(repo, entry);
    await moveIgnored(repo, entry);
    await moveFolder(entry.path, entry.retiredTo);
  } catch {
    // A pipe in the git dir, a mount point among the ignored files …: the whole can be moved, or says what is wrong.
    return finishRetirement(repo, entry);
  }
  await enterPool(repo, entry);
  return true;
}

/**
 * Ends a retirement that was cut off: finishes it when the tree has moved, else takes it back, as somebody may have worked
 * there since, and returns false. The caller holds the mutex.
 */
export async function finishRetirement(repo: Repository, entry: RetiredEntry): Promise<boolean> {
  const gitDir = adminOf(repo, entry);
  // The last step lets it name the pool; from then on it may be somebody's again.
  if ((await recordedRoot(gitDir)) !== entry.path) return true;
  const hasMoved = (await whyTampered(repo, { root: entry.retiredTo, gitDir })) === undefined;
  await (hasMoved ? enterPool(repo, entry) : takeBack(repo, entry));
  return hasMoved;
}

async function copyAdmin(repo: Repository, entry: RetiredEntry): Promise<void> {
  const copy = join(trashOf(repo, entry), "admin");
  await cp(adminOf(repo, entry), copy, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

async function moveIgnored(repo: Repository, entry: RetiredEntry): Promise<void> {
  const place = await requireWorktree(repo, entry.path);
  const to = join(trashOf(repo, entry), "tree");
  await mkdir(to);
  const options = ["-z", "--others", "--ignored", "--exclude-standard", "--directory"];
  const { stdout } = await repo.door.inWorktree(place, { command: "ls-files", options, limitMs: 300_000 });
  for (const listed of splitNul(stdout)) {
    const path = listed.at(-1) === SLASH ? listed.subarray(0, -1) : listed;
    const target = onDisk(to, path);
    await mkdir(target.subarray(0, target.lastIndexOf(SLASH)), { recursive: true });
    await rename(onDisk(place.root, path), target);
  }
}

const SLASH = 0x2f;

/** The last steps, of which each can be taken again; the very last one makes it a worktree of the pool. */
async function enterPool(repo: Repository, entry: RetiredEntry): Promise<void> {
  const { retiredTo, head } = entry;
  const gitDir = adminOf(repo, entry);
  const detach = { command: "update-ref", options: ["--no-deref"], values: ["HEAD", head ?? ""] } as const;
  await repo.door.inWorktree({ root: retiredTo, gitDir }, detach);
  for (const name of NOT_THE_POOLS) await rm(join(gitDir, name), { recursive: true, force: true });
  await writeFile(join(gitDir, "locked"), POOL_REASON);
  await writeDurable(nodeFiles, join(gitDir, "gitdir"), `${join(retiredTo, ".git")}\n`, { mode: 0o644 });
}

/** What an admin folder remembers of its worktree's work and of those who keep files there. */
const NOT_THE_POOLS = ["orch", "logs", "ORIG_HEAD", "FETCH_HEAD", "MERGE_MSG", "COMMIT_EDITMSG", "refs"];

/** Ignored files go back to where they were; those whose place is taken since, or is gone, stay in a folder of the trash. */
async function takeBack(repo: Repository, entry: RetiredEntry): Promise<void> {
  const trash = trashOf(repo, entry);
  const files = join(trash, "tree");
  const isThereStill = (await whyTampered(repo, { root: entry.path, gitDir: adminOf(repo, entry) })) === undefined;
  if (isThereStill) await putBack(files, entry.path);
  if (await isThere(files)) await rename(files, join(await trashFolder(repo, "retired"), "tree"));
  await rm(join(trash, "admin"), { recursive: true, force: true });
}

function adminOf({ place }: Repository, { admin }: TrashEntry): string {
  return join(place.commonDir, "worktrees", admin);
}

/** Whether a worktree of the pool is still as it was left: its links as recorded. */
export async function isUntouched(repo: Repository, { path, gitDir }: Worktree): Promise<boolean> {
  return (await isThere(path)) && (await whyTampered(repo, { root: path, gitDir })) === undefined;
}
