import { stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isSystemError } from "@orchard/kernel";
import { readWorktrees } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { findSpecFiles } from "./spec-files.ts";

/** A missing file counts as gone once it was missing for so long: who saves it may take it away for a moment. */
export const LEFT_ALONE_MS = 1_000;

/**
 * Whether a spec that the base has not is in no checkout either: the main one, left alone for a second, or any other
 * worktree, in whichever of the places of a spec's file.
 */
export async function isGoneEverywhere({ place, repository }: Orchard, name: string, path: string): Promise<boolean> {
  const { worktrees } = await readWorktrees(await repository());
  // Checkouts of our own hold whatever was verified last.
  const own = ["verify", "verify-beside"].map((folder) => join(place.worktreesDir, folder));
  const roots = new Set([place.mainRoot, ...worktrees.flatMap((one) => (own.includes(one.path) ? [] : [one.path]))]);
  for (const root of roots) if (await defines(root, name)) return false;
  const settled = (await changeOf(join(place.mainRoot, path))) + LEFT_ALONE_MS;
  // A clock that was set back is no reason to wait for it.
  const wait = Math.min(LEFT_ALONE_MS, settled - Date.now());
  if (wait <= 0) return true;
  await pause(wait);
  return !(await defines(place.mainRoot, name));
}

async function defines(root: string, name: string): Promise<boolean> {
  return (await findSpecFiles(root).catch(() => [])).some((file) => file.name === name);
}

/** When the file was last written or replaced, or taken away; unlike its own date nobody sets this one. */
export async function changeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).ctimeMs;
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
    return changeOf(dirname(path));
  }
}
