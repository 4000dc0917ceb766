import type { Stats } from "node:fs";
import { lstat } from "node:fs/promises";
import { onDisk } from "./blockers.ts";

/**
 * What stands at a path that git printed, looked for below real folders alone, as git does: nothing, where a link or a
 * file stands in place of one of its folders. A folder is looked at once.
 */
export function lookBelow(root: string): (path: Buffer) => Promise<Stats | undefined> {
  const kindOf = kindsOfFolders(root);
  return async (path) => ((await kindOf(folderOf(path))) === "folder" ? standsAt(root, path) : undefined);
}

/** Whether a link stands in place of one of the folders above a path. A folder is looked at once. */
export function linkAbove(root: string): (path: Buffer) => Promise<boolean> {
  const kindOf = kindsOfFolders(root);
  return async (path) => (await kindOf(folderOf(path))) === "link";
}

type Kind = "folder" | "link" | "none";

/** Of a folder, or of the first above it that is no real one. */
function kindsOfFolders(root: string): (folder: Buffer) => Promise<Kind> {
  const known = new Map<string, Promise<Kind>>();
  const look = async (folder: Buffer): Promise<Kind> => {
    if (folder.length === 0) return "folder";
    const above = await kindOf(folderOf(folder));
    if (above !== "folder") return above;
    const found = await standsAt(root, folder);
    return found?.isDirectory() === true ? "folder" : found?.isSymbolicLink() === true ? "link" : "none";
  };
  const kindOf = (folder: Buffer): Promise<Kind> => {
    const name = folder.toString("latin1");
    const answer = known.get(name) ?? look(folder);
    known.set(name, answer);
    return answer;
  };
  return kindOf;
}

function standsAt(root: string, path: Buffer): Promise<Stats | undefined> {
  return lstat(onDisk(root, path)).catch(() => undefined);
}

function folderOf(path: Buffer): Buffer {
  return path.subarray(0, Math.max(0, path.lastIndexOf(SLASH)));
}

const SLASH = "/".charCodeAt(0);
