import { randomBytes } from "node:crypto";
import { dirname } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { FileSystem } from "./file-system.ts";
import { TEMPORARY_SUFFIX, writeSynced } from "./write-durable.ts";

/**
 * Makes a file that is not there yet (0600), whole or not at all: of any number of processes that try, one is told true. False:
 * something of that name is there. When this resolves, file and name survive a power cut. A crash may leave one file
 * `<path>.<random>.tmp`.
 */
export async function createDurable(files: FileSystem, path: string, content: string): Promise<boolean> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}${TEMPORARY_SUFFIX}`;
  try {
    await writeSynced(files, temporary, content);
    await files.link(temporary, path);
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  } finally {
    await files.unlink(temporary).catch(() => undefined);
  }
  await files.syncFolder(dirname(path));
  return true;
}
