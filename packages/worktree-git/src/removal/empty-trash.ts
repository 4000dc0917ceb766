import { lstat, rename } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { isThere } from "../repository/is-there.ts";
import { namesIn } from "../repository/names-in.ts";
import type { Repository } from "../repository/repository.ts";
import { underRegistration } from "../worktrees/registration.ts";
import { deleteFolder } from "./delete-folder.ts";
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

/** What was thrown away, and what would not go. */
export interface EmptiedTrash {
  readonly gone: readonly TrashItem[];
  readonly left: readonly LeftInTrash[];
}

/** What could not be deleted; `at`: where it lies now, as it can no longer be restored. */
export interface LeftInTrash {
  readonly item: TrashItem;
  readonly at: string;
  readonly why: string;
}

/**
 * Throws away what came to the trash before `before` (ms since 1970), for good. Rescue refs stay, so the commits do. A
 * folder is renamed first: what a crash leaves half thrown away can no longer be taken for something to restore, and goes
 * the next time. What cannot be deleted (files of another user) is `left`, and keeps nothing else from going.
 */
export async function emptyTrash(repo: Repository, before: number): Promise<EmptiedTrash> {
  const gone: TrashItem[] = [];
  const left: LeftInTrash[] = [];
  // Only the renames are made while nobody else removes or restores: deleting takes as long as it takes.
  const going = await underRegistration(repo, "empty the trash", async () => {
    const old = (await listTrash(repo)).filter(({ since, isBusy, path }) => {
      return !isBusy && (since < before || basename(path).startsWith(GOING));
    });
    return Promise.all(old.map(async (item) => ({ item, at: await putGoing(item) })));
  });
  for (const { item, at } of going) {
    try {
      await deleteFolder(at);
      gone.push(item);
    } catch (error) {
      left.push({ item, at, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { gone, left };
}

const GOING = ".going-";

async function putGoing({ path }: TrashItem): Promise<string> {
  if (basename(path).startsWith(GOING)) return path;
  const to = join(dirname(path), `${GOING}${basename(path)}`);
  await rename(path, to);
  return to;
}
