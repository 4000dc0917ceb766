import { lstat, readdir, rename, rmdir } from "node:fs/promises";
import { isSystemError } from "@orchard/kernel";
import { onDisk } from "../checkout/blockers.ts";
import { isThere } from "../repository/is-there.ts";

/**
 * Renames what lies below the folder `from` to the same place below `to`, never over anything: what finds its place taken
 * stays where it is. `from` goes when it is empty then; where it is not there, nothing is done.
 */
export async function putBack(from: string, to: string): Promise<void> {
  if (await isThere(from)) await putBackBelow(Buffer.from(from), Buffer.from(to));
}

async function putBackBelow(from: Buffer, to: Buffer): Promise<void> {
  for (const name of await readdir(from, { encoding: "buffer" })) {
    const [source, target] = [onDisk(from, name), onDisk(to, name)];
    if (!(await isThere(target))) await rename(source, target);
    else if ((await isFolder(source)) && (await isFolder(target))) await putBackBelow(source, target);
  }
  await rmdir(from).catch((error: unknown) => {
    if (!isSystemError(error, "ENOTEMPTY", "EEXIST")) throw error;
  });
}

async function isFolder(path: Buffer): Promise<boolean> {
  return (await lstat(path)).isDirectory();
}
