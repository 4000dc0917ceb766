import { mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { processesInside } from "@orchard/host";
import { isoTime, OrchardError } from "@orchard/kernel";
import type { RefName } from "../ref-name.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { underRegistration } from "../worktrees/registration.ts";
import { moveFolder } from "./move-folder.ts";
import { nextRescueNumber } from "./next-rescue-number.ts";
import { pinWork } from "./pin-work.ts";
import { type PoolSize, placeInPool } from "./place-in-pool.ts";
import { rescueRef } from "./rescue-name.ts";
import { finishRetirement, isRetired, retire } from "./retire-worktree.ts";
import { readTrash, type TrashEntry, trashOf, writeTrashEntry } from "./trash-entry.ts";
import type { RemovableWorktree } from "./verify-removable.ts";

/** Where a removed worktree went: the ref that pins its work, its number under that name, its folder in the trash. */
export interface Removal {
  readonly rescue: RefName;
  readonly number: number;
  /** `<state>/trash/<name>-<number>`, with `tree` and `admin` in it. */
  readonly trash: string;
}

/**
 * Moves a worktree to the trash: first a rescue ref pins everything its git dir leads to, then files and admin
 * folder go by rename, byte for byte, ignored files and nested repositories with them. Its branch stays. A crash
 * in the middle is finished, or taken back, by the next removal or restore. `retire`: what is tracked of a worktree that
 * is clean stays in the pool for the next one; everything else goes to the trash all the same.
 * Throws `PROCESS_INSIDE` when a process entered it since it was verified.
 */
export async function removeWorktree(
  repo: Repository,
  worktree: RemovableWorktree,
  { name, retire: pool }: { readonly name: string; readonly retire?: PoolSize },
): Promise<Removal> {
  rescueRef({ name, number: 1 });
  return underRegistration(repo, `remove the worktree ${worktree.path}`, async () => {
    await finishRemovals(repo);
    const retiredTo = pool === undefined ? undefined : await placeInPool(repo, worktree, pool);
    const entry: TrashEntry = {
      name,
      number: await nextRescueNumber(repo, name),
      path: worktree.path,
      admin: basename(worktree.gitDir),
      head: worktree.head,
      branch: worktree.branch,
      removedAt: isoTime(repo.clock.now()),
      ...(retiredTo === undefined ? {} : { retiredTo }),
    };
    await repo.record.started({ kind: "remove", token: `${name}-${entry.number}`, path: worktree.path });
    const rescue = await pin(repo, worktree, entry);
    refuseProcessInside(worktree);
    await mkdir(trashOf(repo, entry), { recursive: true, mode: 0o700 });
    await writeFile(join(trashOf(repo, entry), REMOVING), "");
    await writeTrashEntry(repo, entry);
    if (!isRetired(entry) || !(await retire(repo, entry))) await moveWhole(repo, worktree, entry);
    await rm(join(trashOf(repo, entry), REMOVING));
    await repo.record.ended({ kind: "remove", token: `${name}-${entry.number}`, path: worktree.path });
    return { rescue, number: entry.number, trash: trashOf(repo, entry) };
  });
}

/** A removed worktree that can be restored. */
export interface Removed extends Removal {
  readonly name: string;
  /** Where the worktree was. */
  readonly path: string;
}

/**
 * Finishes, or takes back, every removal that a crash cut off; then all removals that can be restored, oldest first.
 * For callers that keep a record of their own and may have died before writing it.
 */
export async function recoverRemovals(repo: Repository): Promise<readonly Removed[]> {
  return underRegistration(repo, "look for removals that were cut off", async () => {
    const unfinished = new Set((await finishRemovals(repo)).map(({ entry }) => trashOf(repo, entry)));
    const removed = (await readTrash(repo)).filter((entry) => !unfinished.has(trashOf(repo, entry)));
    return removed.map((entry) => ({
      name: entry.name,
      path: entry.path,
      rescue: rescueRef(entry),
      number: entry.number,
      trash: trashOf(repo, entry),
    }));
  });
}

/** A removal that was cut off and could not be brought to an end this time. */
export interface UnfinishedRemoval {
  readonly entry: TrashEntry;
  readonly error: unknown;
}

/**
 * Completes, or takes back, every removal that a crash cut off; one that will not come to its end keeps none of the others,
 * and nobody who asks, from theirs: it is returned. The caller holds the mutex.
 */
export async function finishRemovals(repo: Repository): Promise<readonly UnfinishedRemoval[]> {
  const unfinished: UnfinishedRemoval[] = [];
  for (const entry of await readTrash(repo)) {
    try {
      await finishRemoval(repo, entry);
    } catch (error) {
      unfinished.push({ entry, error });
    }
  }
  return unfinished;
}

async function finishRemoval(repo: Repository, entry: TrashEntry): Promise<void> {
  const trash = trashOf(repo, entry);
  if (!(await isThere(join(trash, REMOVING)))) return;
  const isDone = isRetired(entry) ? await finishRetirement(repo, entry) : await isThere(join(trash, "tree"));
  if (!isDone) return takeBack(trash);
  if (!isRetired(entry)) await moveAdmin(repo, entry);
  await rm(join(trash, REMOVING));
}

async function moveWhole(repo: Repository, worktree: RemovableWorktree, entry: TrashEntry): Promise<void> {
  const { retiredTo, ...whole } = entry;
  if (retiredTo !== undefined) {
    await writeTrashEntry(repo, whole);
    refuseProcessInside(worktree);
  }
  await moveFolder(entry.path, join(trashOf(repo, entry), "tree"));
  await moveAdmin(repo, entry);
}

async function moveAdmin(repo: Repository, entry: TrashEntry): Promise<void> {
  const [from, to] = [join(repo.place.commonDir, "worktrees", entry.admin), join(trashOf(repo, entry), "admin")];
  if (!(await isThere(to)) && (await isThere(from))) await moveFolder(from, to);
}

/** There while a removal is between its first step and its last; nothing is finished without it. */
const REMOVING = "removing";

/** The crash came before anything moved: the worktree stays as it is, the rescue ref too. */
async function takeBack(trash: string): Promise<void> {
  await rm(join(trash, "rescue.json"), { force: true });
  await rm(join(trash, REMOVING), { force: true });
}

async function pin(repo: Repository, worktree: RemovableWorktree, entry: TrashEntry): Promise<RefName> {
  const { path: root, gitDir } = worktree;
  const commit = await pinWork(repo, { root, gitDir }, `Rescued from ${root}\n\n${JSON.stringify(entry)}\n`);
  const ref = rescueRef(entry);
  const outcome = await repo.createRef(ref, commit, "orchard: rescued");
  if (outcome === "stale") throw new Error(`${ref} appeared while the mutex was held`);
  return ref;
}

function refuseProcessInside({ path }: RemovableWorktree): void {
  const [first] = processesInside(path);
  if (first === undefined) return;
  throw new OrchardError({
    code: "PROCESS_INSIDE",
    kind: "state",
    message: `The process ${first.pid} works inside ${JSON.stringify(path)}.`,
    hint: "End it, then run the command again.",
    details: { pid: first.pid, path },
  });
}
