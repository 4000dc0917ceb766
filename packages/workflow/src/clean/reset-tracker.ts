import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { happened, lanesInOrder } from "@orchard/tracker-core";
import { parseRef } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { branchOf } from "../orchard/place.ts";
import { record } from "../orchard/record.ts";
import { stopLanes } from "../requests/stop-lanes.ts";
import { type CleanedUp, cleanUp } from "./clean-up.ts";

/** What a reset ended and set aside. Where a worktree had to stay (`cleaned.kept`) the tracker was not reset. */
export interface Reset {
  readonly stopped: readonly string[];
  readonly cleaned: CleanedUp;
  /** Branches of lanes that stay, as they lead to work that has not landed; they belong to no lane any more. */
  readonly branches: readonly string[];
  /** Where the views and logs went. */
  readonly archive: string | undefined;
}

/**
 * Ends the driver and the agents, sets every worktree aside (pinned), and lets the tracker begin empty. The
 * journal, rescue refs and branches with unlanded work stay; logs and views move to the archive.
 */
export async function resetTracker(orchard: Orchard): Promise<Reset> {
  const stopped = await stopLanes(orchard, undefined, "reset");
  const cleaned = await cleanUp(orchard, { rescue: true, dryRun: false });
  if (cleaned.kept.length > 0) return { stopped: stopped.stopped, cleaned, branches: [], archive: undefined };
  const branches = await branchesLeft(orchard);
  await record(orchard, "reset", (tracker) =>
    tracker.home === undefined ? { facts: [], outcome: null } : happened({ type: "tracker-reset" }),
  );
  return { stopped: stopped.stopped, cleaned, branches, archive: await archiveViews(orchard) };
}

async function branchesLeft(orchard: Orchard): Promise<readonly string[]> {
  const repository = await orchard.repository();
  const names = lanesInOrder(await orchard.tracker()).map(({ id }) => branchOf(id));
  const tips = await Promise.all(names.map((name) => repository.resolve(parseRef(`refs/heads/${name}`))));
  return names.filter((_, index) => tips[index] !== undefined);
}

/** Views and logs of a tracker that is no more; where they went. What a reset that was cut off left, `init` moves. */
export async function archiveViews(orchard: Orchard): Promise<string | undefined> {
  const { orchestrationDir, stateDir } = orchard.place;
  if (!(await pathExists(orchestrationDir))) return undefined;
  const stamp = new Date(orchard.ports.clock.now()).toISOString().replace(/[:.]/g, "-");
  const archive = join(stateDir, "archive", stamp);
  await mkdir(join(stateDir, "archive"), { recursive: true, mode: 0o700 });
  await rename(orchestrationDir, archive);
  return archive;
}
