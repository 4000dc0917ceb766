import { chmod, readdir, rm } from "node:fs/promises";
import { isSystemError } from "@orchard/kernel";
import { onDisk } from "../checkout/blockers.ts";

/** Deletes a folder for good, also where folders in it may not be written to (caches of packages are left so). */
export async function deleteFolder(path: string): Promise<void> {
  try {
    await rm(path, REMOVAL);
  } catch (error) {
    if (!isSystemError(error, "EACCES", "EPERM")) throw error;
    await makeWritable(Buffer.from(path));
    await rm(path, REMOVAL);
  }
}

const REMOVAL = { recursive: true, force: true, maxRetries: 3 } as const;

/** The folder and all below it; links are not followed, and what is another user's stays as it is. */
async function makeWritable(folder: Buffer): Promise<void> {
  await chmod(folder, 0o700).catch((error: unknown) => {
    if (!isSystemError(error, "EPERM", "ENOENT")) throw error;
  });
  for (const entry of await readdir(folder, { encoding: "buffer", withFileTypes: true }).catch(() => []))
    if (entry.isDirectory()) await makeWritable(onDisk(folder, entry.name));
}
