import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import type { FileSystem } from "./file-system.ts";

/** How the names of files end that {@link writeDurable} has not finished yet. */
export const TEMPORARY_SUFFIX = ".tmp";

/**
 * Replaces the file at `path` (or makes it) in one step. When this resolves, the content survives a power cut; when it
 * rejects (with the system's error) or the process dies in between, `path` names the old content or the new, never a
 * mixture. A crash may leave one file `<path>.<random>.tmp`, readable only by its owner. `mode` defaults to 0600.
 */
export async function writeDurable(
  files: FileSystem,
  path: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}${TEMPORARY_SUFFIX}`;
  try {
    await writeSynced(files, temporary, content, options);
    await files.rename(temporary, path);
  } catch (error) {
    await discard(files, temporary);
    throw error;
  }
  await files.syncFolder(dirname(path));
}

/**
 * Makes a new file (`EEXIST` when there is one) whose content survives a power cut; its name does so only after
 * `syncFolder`. After a failure the file may be there, with a part of its content.
 */
export async function writeSynced(
  files: FileSystem,
  path: string,
  content: string | Uint8Array,
  options: { readonly mode?: number } = {},
): Promise<void> {
  const file = await files.open(path, "create", options.mode ?? 0o600);
  try {
    let rest: Uint8Array = typeof content === "string" ? Buffer.from(content, "utf8") : content;
    while (rest.length > 0) rest = rest.subarray(await file.write(rest));
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The first failure is the one to tell; a file that stays behind is harmless. */
async function discard(files: FileSystem, temporary: string): Promise<void> {
  await files.unlink(temporary).catch(() => undefined);
}
