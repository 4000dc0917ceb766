import { join } from "node:path";
import { isThere } from "../repository/is-there.ts";
import type { Repository } from "../repository/repository.ts";
import type { RescueKey } from "./rescue-name.ts";
import { readTrash, trashOf } from "./trash-entry.ts";

/** A removal or restore that began and did not end; `path` is where the worktree was, or is to be again. */
export interface CutOffRemoval extends RescueKey {
  readonly path: string;
  readonly what: "removal" | "restore";
}

/** Removals and restores that a crash cut off between two of their steps; nothing is changed. */
export async function cutOffRemovals(repo: Repository): Promise<readonly CutOffRemoval[]> {
  const found: CutOffRemoval[] = [];
  for (const entry of await readTrash(repo)) {
    const { name, number, path } = entry;
    const trash = trashOf(repo, entry);
    if (await isThere(join(trash, "removing"))) found.push({ name, number, path, what: "removal" });
    else if (await isThere(join(trash, "restoring"))) found.push({ name, number, path, what: "restore" });
  }
  return found;
}
