import { isSystemError } from "@orchard/kernel";
import type { FileSystem } from "./file-system.ts";

/** The names in a folder, in no order; none when there is no such folder. Throws the system's error of one that may not be read. */
export async function namesIn(files: FileSystem, folder: string): Promise<readonly string[]> {
  try {
    return await files.readFolder(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}
