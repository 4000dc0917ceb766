import type { LaneId } from "@orchard/kernel";
import { type Conflict, type Lane, lanesInOrder, type Tracker } from "@orchard/tracker-core";
import { type Oid, parseOid } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { type LandOutcome, OVERTAKEN, stepped } from "./land-outcome.ts";

/** Records and tells that a lane conflicts with what has landed: the files, and the lanes that changed them. */
export async function reportConflict(
  driver: Driver,
  lane: Lane,
  onto: Oid,
  { files, reason }: { readonly files: readonly string[]; readonly reason?: string | undefined },
): Promise<LandOutcome> {
  const tracker = await driver.orchard.tracker();
  const conflict: Conflict = {
    files,
    with: await counterparts(driver, tracker, lane, files),
    onto,
    head: lane.work?.head ?? "",
    ...(reason === undefined ? {} : { reason }),
  };
  const before = lane.merge?.state === "conflicted" ? lane.merge.conflict : undefined;
  if (before?.onto !== onto || before.head !== conflict.head || before.reason !== conflict.reason) {
    const step = { type: "lane-conflicted", lane: lane.id, conflict } as const;
    if (!(await stepped(driver, `lane ${lane.id} conflicts in ${files.join(", ")}`, step))) return OVERTAKEN;
  }
  driver.orchard.ports.report({ type: "lane-conflicted", lane: lane.id, files, with: conflict.with });
  if (reason !== undefined) driver.orchard.ports.report({ type: "warning", text: `lane "${lane.id}": ${reason}` });
  return { kind: "conflicted", conflict };
}

/** The landed lanes that changed one of these files and that this lane does not contain. */
async function counterparts(
  driver: Driver,
  tracker: Tracker,
  lane: Lane,
  files: readonly string[],
): Promise<readonly LaneId[]> {
  const repository = await driver.orchard.repository();
  const found: LaneId[] = [];
  for (const other of lanesInOrder(tracker)) {
    if (other.id === lane.id || other.merge?.state !== "landed" || other.work === undefined) continue;
    const touched = [...other.work.changedFiles, ...other.work.results.map((file) => `docs/_generated/${file}`)];
    if (!touched.some((path) => files.includes(path))) continue;
    const contained = await repository.isAncestor(
      parseOid(other.work.head),
      parseOid(lane.work?.head ?? other.work.head),
    );
    if (!contained) found.push(other.id);
  }
  return found;
}
