import { execFile } from "node:child_process";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { isSystemError } from "@orchard/kernel";
import { changedWhileMoving } from "../errors.ts";
import { syncFolder } from "../repository/refs.ts";
import { folderManifest, sameManifest } from "./folder-manifest.ts";

/**
 * Moves a folder: by rename, in one step. Onto another disk it is copied with everything that the system keeps of
 * a file, compared by a manifest, and only then removed where it was; if it changed meanwhile it stays there and
 * the copy goes. Throws `CHANGED_WHILE_MOVING`.
 */
export async function moveFolder(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o700 });
  try {
    await rename(from, to);
  } catch (error) {
    if (!isSystemError(error, "EXDEV")) throw error;
    await moveByCopy(from, to);
  }
  await syncFolder(dirname(from));
  await syncFolder(dirname(to));
}

/** {@link moveFolder} where a rename cannot work. */
export async function moveByCopy(from: string, to: string): Promise<void> {
  const before = await folderManifest(from);
  try {
    await promisify(execFile)("cp", ["-a", "--", from, to], { env: { PATH: process.env["PATH"] ?? "", LC_ALL: "C" } });
    const [copied, after] = [await folderManifest(to), await folderManifest(from)];
    if (!sameManifest(before, after) || !sameManifest(before, copied)) throw changedWhileMoving(from);
  } catch (error) {
    await rm(to, { recursive: true, force: true });
    throw error;
  }
  await rm(from, { recursive: true, force: true });
}
