import type { FileSystem } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";

/** The names in a folder; none when there is no such folder. */
export async function namesIn(files: FileSystem, folder: string): Promise<readonly string[]> {
  try {
    return await files.readFolder(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
