import type { Stats } from "node:fs";
import { lstat, mkdtemp, readdir, rm, statfs } from "node:fs/promises";
import { join } from "node:path";

/** A folder in memory, gone when it is let go of. */
export interface MemoryFolder extends AsyncDisposable {
  readonly path: string;
}

/** More than this is not kept in memory, and never more than a quarter of what is free there. */
const MOST_BYTES = 512 << 20;

/**
 * A private folder in memory, where the system has such a place with room for `bytes`: a merge that is only computed writes
 * hundreds of small files, and a disk makes that five times as long. `undefined`: there is none, use the disk.
 */
export async function memoryFolder(bytes: number, now: number): Promise<MemoryFolder | undefined> {
  try {
    const { type, bavail, bsize, ffree } = await statfs(PLACE);
    if (type !== TMPFS || bytes > MOST_BYTES || bytes > (bavail * bsize) / 4 || bytes / PAGE > ffree / 4)
      return undefined;
    await sweep(now);
    const path = await mkdtemp(join(PLACE, PREFIX));
    return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true, maxRetries: 3 }) };
  } catch {
    return undefined;
  }
}

/** What one small file takes there. */
export const PAGE = 4096;

/** Where Linux keeps shared memory. */
const PLACE = "/dev/shm";
const TMPFS = 0x0102_1994;
const PREFIX = "orchard-comparing-";

const FORGOTTEN_MS = 60 * 60_000;

/** What processes of this user that were killed left there; no comparison takes an hour. */
async function sweep(now: number): Promise<void> {
  for (const name of (await readdir(PLACE)).filter((one) => one.startsWith(PREFIX))) {
    const path = join(PLACE, name);
    const found = await lstat(path).catch(() => undefined);
    if (found !== undefined && isForgotten(found, now)) await rm(path, { recursive: true, force: true });
  }
}

function isForgotten(found: Stats, now: number): boolean {
  return found.isDirectory() && found.uid === process.getuid?.() && now - found.mtimeMs > FORGOTTEN_MS;
}
