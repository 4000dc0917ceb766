import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import type { Orchard } from "../orchard/open-orchard.ts";
import { TRACKER_ACCESS, trackerAccess } from "./tracker-access.ts";

/**
 * Puts the helpers of seed 000 into the worktree at `folder`, out of git's sight. Whatever stands there under their
 * names stays as it is: a file of the project, a link, or what was put there before.
 */
export async function placeTrackerAccess(orchard: Orchard, folder: string): Promise<void> {
  const repository = await orchard.repository();
  await repository.excludeLocally(TRACKER_ACCESS.map((name) => `/${name}`));
  for (const name of TRACKER_ACCESS) {
    try {
      await writeFile(join(folder, name), trackerAccess(name, orchard.ports.binFolder), { flag: "wx", mode: 0o755 });
    } catch (error) {
      if (!isSystemError(error, "EEXIST")) throw error;
    }
  }
}
