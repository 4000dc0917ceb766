import { lstat, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { branchInUse, folderExists, rescueMissing } from "../errors.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import type { Repository } from "../repository/repository.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";
import { listWorktrees } from "../worktrees/read-worktrees.ts";
import { repairRegistrations, underRegistration } from "../worktrees/registration.ts";
import { moveFolder } from "./move-folder.ts";
import { finishRemovals } from "./remove-worktree.ts";
import type { RescueKey } from "./rescue-name.ts";
import { readTrashEntry, type TrashEntry, trashOf } from "./trash-entry.ts";

/** Where a worktree stands again; `branch` is `undefined` when its HEAD was detached. */
export interface Restored {
  readonly path: string;
  readonly branch: RefName | undefined;
  /** Where the branch is now, when it moved since the removal: the files are those of then. */
  readonly branchMovedTo?: Oid;
}

/**
 * Brings a removed worktree back: files, modes, links, ignored files, nested repositories, index and operations in
 * progress as they were; its branch is made again if it is gone. The rescue ref stays. A crash in the middle is
 * finished by calling it again. Throws `RESCUE_MISSING`, `FOLDER_EXISTS`, `BRANCH_IN_USE`.
 */
export async function restoreRescue(repo: Repository, key: RescueKey): Promise<Restored> {
  return underRegistration(repo, `restore ${key.name}/${key.number}`, async () => {
    await finishRemovals(repo);
    await repairRegistrations(repo);
    const entry = await readTrashEntry(repo, key);
    if (entry === undefined) throw rescueMissing(key.name, key.number);
    const trash = trashOf(repo, entry);
    const begun = await isThere(join(trash, "restoring"));
    if (!begun) await refuseTaken(repo, entry, trash);
    await repo.record.started({ kind: "restore", token: `${key.name}-${key.number}`, path: entry.path });
    await writeFile(join(trash, "restoring"), "");
    const branchMovedTo = await bringBranchBack(repo, entry);
    await moveBack(repo, entry, trash);
    if (entry.retiredTo !== undefined) await writeTrackedFiles(repo, entry.path);
    await rm(join(trash, "rescue.json"), { force: true });
    await rm(trash, { recursive: true, force: true });
    await repo.record.ended({ kind: "restore", token: `${key.name}-${key.number}`, path: entry.path });
    return { path: entry.path, branch: entry.branch, ...(branchMovedTo === undefined ? {} : { branchMovedTo }) };
  });
}

async function refuseTaken(repo: Repository, entry: TrashEntry, trash: string): Promise<void> {
  if (!(await isThere(join(trash, "tree"))) || !(await isThere(join(trash, "admin")))) {
    throw rescueMissing(entry.name, entry.number);
  }
  if (await isThere(entry.path)) throw folderExists(entry.path);
  if (entry.branch === undefined) return;
  const user = (await listWorktrees(repo)).byBranch(entry.branch);
  if (user !== undefined) throw branchInUse(entry.branch, user.path);
}

/** Makes the branch again when it is gone; returns where it is when that is not where it was. */
async function bringBranchBack(repo: Repository, { branch, head }: TrashEntry): Promise<Oid | undefined> {
  if (branch === undefined || head === undefined) return undefined;
  const now = await repo.resolve(branch);
  if (now === undefined) await repo.createRef(branch, head, "orchard: restored");
  return now === undefined || now === head ? undefined : now;
}

async function moveBack(repo: Repository, entry: TrashEntry, trash: string): Promise<void> {
  const { path } = entry;
  await mkdir(dirname(path), { recursive: true });
  if (await isThere(join(trash, "tree"))) await moveFolder(join(trash, "tree"), path);
  const admin = await adminFor(repo, entry, trash);
  if (await isThere(join(trash, "admin"))) await moveFolder(join(trash, "admin"), admin);
  await writeIfDifferent(join(admin, "gitdir"), `${join(path, ".git")}\n`);
  await writeIfDifferent(join(path, ".git"), `gitdir: ${admin}\n`);
}

/** What went on to the pool comes back from the objects: it was clean, so it is what its index says. */
async function writeTrackedFiles(repo: Repository, path: string): Promise<void> {
  const place = await requireWorktree(repo, path);
  await repo.door.inWorktree(place, {
    command: "checkout-index",
    options: ["--all", "--quiet", "--index"],
    limitMs: 30 * 60_000,
  });
}

/** Its old admin folder, or one with a number when another worktree took that name since. */
async function adminFor(repo: Repository, { admin, path }: TrashEntry, trash: string): Promise<string> {
  const folder = join(repo.place.commonDir, "worktrees");
  await mkdir(folder, { recursive: true });
  const moved = !(await isThere(join(trash, "admin")));
  for (let number = 0; ; number += 1) {
    const candidate = join(folder, number === 0 ? admin : `${admin}${number}`);
    const isOurs = (await textOf(join(candidate, "gitdir"))).trim() === join(path, ".git");
    if (moved ? isOurs : !(await isThere(candidate))) return candidate;
  }
}

async function writeIfDifferent(path: string, text: string): Promise<void> {
  if ((await textOf(path)) !== text) await writeFile(path, text);
}

async function textOf(path: string): Promise<string> {
  return readFile(path, "utf8").catch(() => "");
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined;
}
