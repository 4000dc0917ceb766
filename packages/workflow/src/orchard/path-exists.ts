import { lstat } from "node:fs/promises";
import { isSystemError } from "@orchard/kernel";

/** Whether something, also a dangling link, stands at `path`. */
export async function pathExists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
