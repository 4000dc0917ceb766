import { lstat, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { generatedFolderUnusable } from "./errors.ts";
import { GENERATED, reportFile, resultFile } from "./probe-files.ts";

/**
 * The folder for results in a worktree, made where it is missing, without what an earlier run of the probe left in it: a
 * result that is there afterwards was written by this run. Throws `GENERATED_FOLDER` where a link or a file is in the way,
 * because a write through it would end elsewhere.
 */
export async function clearGeneratedFolder(worktree: string, probe: string): Promise<void> {
  await requirePlainFolder(worktree);
  for (const file of [resultFile(probe), reportFile(probe)]) {
    await rm(join(worktree, file), { force: true, recursive: true });
  }
}

/** As {@link clearGeneratedFolder}, taking nothing away. */
export async function requirePlainFolder(worktree: string): Promise<void> {
  let path = worktree;
  for (const part of GENERATED.split("/")) {
    path = join(path, part);
    await makeFolder(path);
  }
}

async function makeFolder(path: string): Promise<void> {
  try {
    const seen = await lstat(path);
    if (!seen.isDirectory()) throw generatedFolderUnusable(path, seen.isSymbolicLink() ? "a link" : "a file");
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
    await mkdir(path);
  }
}
