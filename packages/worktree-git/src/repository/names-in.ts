import { readdir } from "node:fs/promises";
import { isSystemError } from "@orchard/kernel";

/** What a folder holds, by name; nothing where there is no such folder. */
export async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
