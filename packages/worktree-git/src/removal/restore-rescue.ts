import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { openAside } from "../checkout/aside.ts";
import { onDisk } from "../checkout/blockers.ts";
import { branchInUse, folderExists, rescueMissing } from "../errors.ts";
import type { WorktreePlace } from "../git/git-door.ts";
import { splitNul } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";
import type { RefName } from "../ref-name.ts";
import { isThere } from "../repository/is-there.ts";
import { underLock } from "../repository/mutex.ts";
import { plainText } from "../repository/plain-text.ts";
import type { Repository } from "../repository/repository.ts";
import { putAbandonedLockAside } from "../worktrees/abandoned-lock.ts";
import { requireWorktree } from "../worktrees/find-worktree.ts";
import { CHECKOUT_LIMIT_MS } from "../worktrees/fresh-checkout.ts";
import { listWorktrees } from "../worktrees/read-worktrees.ts";
import { repairRegistrations, underRegistration } from "../worktrees/registration.ts";
import { awaitWriters, writerMark } from "../worktrees/writers.ts";
import { moveFolder } from "./move-folder.ts";
import { finishRemovals } from "./remove-worktree.ts";
import { type RescueKey, rescueRef } from "./rescue-name.ts";
import { isRetired } from "./retire-worktree.ts";
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
 * finished by calling it again. Throws `BAD_RESCUE_NAME`, `RESCUE_MISSING`, `FOLDER_EXISTS`, `BRANCH_IN_USE`,
 * `GIT_STILL_RUNS`.
 */
export async function restoreRescue(repo: Repository, key: RescueKey): Promise<Restored> {
  const what = `restore ${key.name}/${key.number}`;
  const lock = createHash("sha256").update(rescueRef(key)).digest("hex").slice(0, 16);
  return underLock(repo, `restore-${lock}`, what, async () => {
    const { entry, begun, branchMovedTo } = await underRegistration(repo, what, () => bringBack(repo, key));
    const { path, branch } = entry;
    // Others may register worktrees meanwhile: a large checkout takes minutes.
    if (isRetired(entry)) await writeTrackedFiles(repo, path, { begun });
    const trash = trashOf(repo, entry);
    await rm(join(trash, "rescue.json"), { force: true });
    await rm(trash, { recursive: true, force: true });
    await repo.record.ended({ kind: "restore", token: `${key.name}-${key.number}`, path });
    return { path, branch, ...(branchMovedTo === undefined ? {} : { branchMovedTo }) };
  });
}

interface BroughtBack {
  readonly entry: TrashEntry;
  /** An earlier restore of it was cut off. */
  readonly begun: boolean;
  readonly branchMovedTo: Oid | undefined;
}

/** Everything but the files that are in git. The caller holds the mutex. */
async function bringBack(repo: Repository, key: RescueKey): Promise<BroughtBack> {
  const unfinished = await finishRemovals(repo);
  await repairRegistrations(repo);
  const entry = await readTrashEntry(repo, key);
  if (entry === undefined) throw rescueMissing(key.name, key.number);
  const trash = trashOf(repo, entry);
  const own = unfinished.find((each) => trashOf(repo, each.entry) === trash);
  if (own !== undefined) throw own.error;
  const begun = await isThere(join(trash, "restoring"));
  if (!begun) await refuseTaken(repo, entry, trash);
  await repo.record.started({ kind: "restore", token: `${key.name}-${key.number}`, path: entry.path });
  await writeFile(join(trash, "restoring"), "");
  const branchMovedTo = await bringBranchBack(repo, entry);
  await moveBack(repo, entry, trash);
  return { entry, begun, branchMovedTo };
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

/**
 * What went on to the pool comes back from the objects: it was clean, so it is what its index says. Where an earlier try
 * was cut off, its files are taken over; what is not as git has it by now, half written or somebody's, goes to the trash.
 */
async function writeTrackedFiles(repo: Repository, path: string, { begun }: { readonly begun: boolean }) {
  const place = await requireWorktree(repo, path);
  const run = (
    command: "checkout-index" | "update-index",
    options: readonly string[],
    codes: readonly number[] = [0],
  ) =>
    repo.door.inWorktree(place, {
      command,
      options,
      codes,
      variables: writerMark(place.root),
      limitMs: CHECKOUT_LIMIT_MS,
    });
  if (begun) {
    await awaitWriters(place.root);
    await putAbandonedLockAside(repo, place);
    await run("checkout-index", WRITE_ALL, [0, 1]);
    await run("update-index", ["-q", "--refresh"], [0, 1]);
    await putAside(repo, place);
  }
  await run("checkout-index", WRITE_ALL);
}

/** What stands there already is left as it is. */
const WRITE_ALL = ["--all", "--quiet", "--index"];

/** Of the tracked files those that stand there and are not what the index says. */
async function putAside(repo: Repository, place: WorktreePlace): Promise<void> {
  const options = ["-z", "--name-only"];
  const { stdout } = await repo.door.inWorktree(place, {
    command: "diff-files",
    options,
    limitMs: CHECKOUT_LIMIT_MS,
  });
  const aside = openAside(repo);
  for (const name of splitNul(stdout)) {
    await aside.clearTheWay(place.root, name);
    if (await isThere(onDisk(place.root, name))) await aside.put(place.root, name);
  }
}

/** Its old admin folder, or one with a number when another worktree took that name since. */
async function adminFor(repo: Repository, { admin, path }: TrashEntry, trash: string): Promise<string> {
  const folder = join(repo.place.commonDir, "worktrees");
  await mkdir(folder, { recursive: true });
  const moved = !(await isThere(join(trash, "admin")));
  for (let number = 0; ; number += 1) {
    const candidate = join(folder, number === 0 ? admin : `${admin}${number}`);
    const isOurs = (await plainText(join(candidate, "gitdir"))).trim() === join(path, ".git");
    if (moved ? isOurs : !(await isThere(candidate))) return candidate;
  }
}

async function writeIfDifferent(path: string, text: string): Promise<void> {
  if ((await plainText(path)) !== text) await writeFile(path, text);
}
