import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { onDisk } from "./blockers.ts";

/**
 * What stands at a path that git printed, looked for below real folders alone, as git does: nothing, where a link or a
 * file stands in place of one of its folders. A folder is looked at once.
 */
export function lookBelow(root: string): (path: Buffer) => Promise<Stats | undefined> {
  const folders = new Map<string, Promise<boolean>>();
  const stands = (path: Buffer) => lstat(onDisk(root, path)).catch(() => undefined);
  const isRealFolder = (folder: Buffer): Promise<boolean> => {
    const name = folder.toString("latin1");
    const before = folders.get(name);
    if (before !== undefined) return before;
    const answer = isBelowRealFolders(folder).then(
      async (isBelow) => isBelow && (await stands(folder))?.isDirectory() === true,
    );
    folders.set(name, answer);
    return answer;
  };
  const isBelowRealFolders = async (path: Buffer): Promise<boolean> => {
    const end = path.lastIndexOf(SLASH);
    return end <= 0 || isRealFolder(path.subarray(0, end));
  };
  return async (path) => ((await isBelowRealFolders(path)) ? stands(path) : undefined);
}

const SLASH = "/".charCodeAt(0);
