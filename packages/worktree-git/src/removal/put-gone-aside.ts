import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { isoTime } from "@orchard/kernel";
import { folderExists, notAWorktree } from "../errors.ts";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import { findWorktree } from "../worktrees/find-worktree.ts";
import { listWorktrees } from "../worktrees/read-worktrees.ts";
import { underRegistration } from "../worktrees/registration.ts";
import { moveFolder } from "./move-folder.ts";
import { nextRescueNumber } from "./next-rescue-number.ts";
import { pinWork } from "./pin-work.ts";
import type { Removal } from "./remove-worktree.ts";
import { rescueRef } from "./rescue-name.ts";
import { type TrashEntry, trashOf, writeTrashEntry } from "./trash-entry.ts";

/**
 * For a worktree whose folder somebody took away: pins what its git dir still leads to (HEAD, reflogs, index) and moves
 * its registration to the trash, so that path and branch can be used again. The files are not to be had; the commits and
 * everything that was staged are. Throws `FOLDER_EXISTS` when the folder is there after all, `NOT_A_WORKTREE` when git does
 * not know it.
 */
export async function putGoneAside(
  repo: Repository,
  { path, name }: { readonly path: string; readonly name: string },
): Promise<Removal> {
  rescueRef({ name, number: 1 });
  return underRegistration(repo, `put the registration of ${path} aside`, async () => {
    if (await isThere(path)) throw folderExists(path);
    const place = await findWorktree(repo, path);
    if (place === undefined) throw notAWorktree(path);
    const { gitDir } = place;
    const listed = (await listWorktrees(repo)).byPath(path);
    const entry: TrashEntry = {
      name,
      number: await nextRescueNumber(repo, name),
      path,
      admin: basename(gitDir),
      head: listed?.head,
      branch: listed?.branch,
      removedAt: isoTime(repo.clock.now()),
    };
    const rescue = rescueRef(entry);
    const commit = await pinWork(repo, { root: gitDir, gitDir }, `Rescued from ${path}, whose folder was gone\n`);
    if ((await repo.createRef(rescue, commit, "orchard: rescued")) === "stale") {
      throw new Error(`${rescue} appeared while the mutex was held`);
    }
    const trash = trashOf(repo, entry);
    await mkdir(trash, { recursive: true, mode: 0o700 });
    await writeTrashEntry(repo, entry);
    await moveFolder(gitDir, join(trash, "admin"));
    return { rescue, number: entry.number, trash };
  });
}
