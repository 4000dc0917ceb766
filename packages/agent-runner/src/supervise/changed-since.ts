import { lstat, opendir } from "node:fs/promises";
import { join } from "node:path";

/** So many entries are looked at; in a larger folder a change may be missed. */
const MOST_ENTRIES = 200_000;

/**
 * Whether a file below `folder` was changed after `since` (wall clock, ms), by the time that the file system sets
 * itself. Only asked before an agent is called idle, since it costs a walk. Links are not followed; what cannot
 * be read counts as unchanged.
 */
export async function isChangedSince(folder: string, since: number): Promise<boolean> {
  const folders = [folder];
  let left = MOST_ENTRIES;
  for (let next = folders.pop(); next !== undefined && left > 0; next = folders.pop()) {
    if (await isTouched(next, since)) return true;
    for await (const entry of entriesOf(next)) {
      left -= 1;
      const path = join(next, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile() && (await isTouched(path, since))) return true;
    }
  }
  return false;
}

async function isTouched(path: string, since: number): Promise<boolean> {
  const stats = await lstat(path).catch(() => undefined);
  return stats !== undefined && stats.ctimeMs > since;
}

async function* entriesOf(folder: string) {
  const open = await opendir(folder).catch(() => undefined);
  if (open !== undefined) yield* open;
}
