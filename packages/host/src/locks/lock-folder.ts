import { lstatSync } from "node:fs";
import { isSystemError } from "@orchard/kernel";
import { lockPathUnusable } from "./errors.ts";

/**
 * One life of a lock folder. The inode alone would not do: file systems give a freed number to the next folder
 * at once, so that a lock made a moment later often has the number of the one before.
 */
export interface LockFolder {
  readonly ino: string;
  /** When it was made, in ns; "0" where the file system does not keep that. */
  readonly born: string;
}

/** A lock folder as found. */
export interface FoundLock extends LockFolder {
  /** Time of its last sign of life (wall clock, ms). */
  readonly touched: number;
  /** We made it: its maker is announced. Other programs' folders have a mode that depends on the umask alone. */
  readonly isOurs: boolean;
}

/** Folders get their mode as they are made, so it tells who made one before anything else could be written of it. */
export const OUR_MODE = 0o500;

/** The lock folder at `path`, or `undefined`. Throws `LOCK_PATH_UNUSABLE` when a file or a link stands there. */
export function findLockFolder(path: string): FoundLock | undefined {
  try {
    const stats = lstatSync(path, { bigint: true });
    if (!stats.isDirectory()) throw lockPathUnusable(path, "a file or a link stands in its place");
    return {
      ino: String(stats.ino),
      born: String(stats.birthtimeNs),
      touched: Number(stats.mtimeMs),
      isOurs: (Number(stats.mode) & 0o777) === OUR_MODE,
    };
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "ENOTDIR", "EACCES", "ELOOP"))
      throw lockPathUnusable(path, "its folder cannot be read", error);
    throw error;
  }
}

export function isSameFolder(a: LockFolder, b: LockFolder | undefined): boolean {
  return b !== undefined && a.ino === b.ino && a.born === b.born;
}
