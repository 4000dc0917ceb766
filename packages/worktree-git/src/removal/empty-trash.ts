import { lstat, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { Repository } from "../repository/repository.ts";
import { isThere } from "../worktrees/operation.ts";
import { underRegistration } from "../worktrees/registration.ts";
import { readTrash, trashOf } from "./trash-entry.ts";

/** One folder in the trash. */
export interface TrashItem {
  readonly path: string;
  /** Wall time in ms since 1970 at which it came here. */
  readonly since: number;
  /** The worktree that can be restored from it; absent for what was only put aside. */
  readonly rescue?: { readonly name: string; readonly number: number; readonly path: string };
  /** A removal or restore of it was cut off: it is not to be thrown away. */
  readonly isBusy: boolean;
}

/** Everything in the trash, oldest first. */
export async function listTrash(repo: Repository): Promise<readonly TrashItem[]> {
  const folder = join(repo.stateDir, "trash");
  const entries = new Map((await readTrash(repo)).map((entry) => [trashOf(repo, entry), entry]));
  const items = await Promise.all(
    (await namesIn(folder)).map(async (name): Promise<TrashItem | undefined> => {
      const path = join(folder, name);
      const found = await lstat(path).catch(() => undefined);
      if (found === undefined) return undefined;
      const entry = entries.get(path);
      if (entry === undefined) return { path, since: found.mtimeMs, isBusy: false };
      const isBusy = (await isThere(join(path, "removing"))) || (await isThere(join(path, "restoring")));
      const { name: of, number, path: was } = entry;
      return { path, since: Date.parse(entry.removedAt), rescue: { name: of, number, path: was }, isBusy };
    }),
  );
  return items.filter((item) => item !== undefined).sort((a, b) => a.since - b.since);
}

/**
 * Throws away what came to the trash before `before` (ms since 1970), for good. Rescue refs stay, so the commits do. A
 * folder is renamed first: what a crash leaves half thrown away can no longer be taken for something to restore, and goes
 * the next time. Returns what went.
 */
export async function emptyTrash(repo: Repository, before: number): Promise<readonly TrashItem[]> {
  return underRegistration(repo, "empty the trash", async () => {
    const old = (await listTrash(repo)).filter(({ since, isBusy, path }) => {
      return !isBusy && (since < before || path.includes(`/trash/${GOING}`));
    });
    for (const { path } of old) {
      const name = path.slice(path.lastIndexOf("/") + 1);
      const going = name.startsWith(GOING) ? path : join(repo.stateDir, "trash", `${GOING}${name}`);
      if (going !== path) await rename(path, going);
      await rm(going, { recursive: true, force: true });
    }
    return old;
  });
}

const GOING = ".going-";

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
