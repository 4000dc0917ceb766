import { findLane, isLanded, keptLanes, type Lane, type Tracker } from "@orchard/tracker-core";
import { parseOid } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { probeLane } from "../probes/probe-lane.ts";
import { probeOfGap } from "../probes/probe-result.ts";
import type { ProbeReading } from "../probes/read-probe-results.ts";

/** What lanes are about that stay as they are, by the lane. */
export interface Covered {
  readonly gaps: ReadonlyMap<string, string>;
  /** By {@link taskKey}. */
  readonly tasks: ReadonlyMap<string, string>;
}

export function taskKey(spec: string, task: string): string {
  return `${spec}/${task}`;
}

/**
 * Gaps and tasks that need no new lane. A gap whose lane has landed is closed until a probe that has seen the landed work
 * reports it again; one whose lane failed or was stopped waits for that lane to be tried again.
 */
export async function coveredByLanes(
  orchard: Orchard,
  { tracker, reading }: { readonly tracker: Tracker; readonly reading: ProbeReading },
): Promise<Covered> {
  const gaps = new Map<string, string>();
  const tasks = new Map<string, string>();
  const reported = new Set(reading.results.flatMap((result) => result.gaps.map(({ id }) => id)));
  const kept = keptLanes(tracker);
  for (const lane of kept) {
    const { spec, planned, tasks: own } = lane.definition;
    if (spec !== undefined && !isLanded(lane)) for (const task of own) tasks.set(taskKey(spec, task), lane.id);
    for (const gap of planned?.gaps ?? []) {
      if (!reported.has(gap)) continue;
      if (!isLanded(lane) || !(await wasSeenLanded(orchard, tracker, { lane, probe: probeOfGap(gap) }))) {
        gaps.set(gap, lane.id);
      }
    }
  }
  return { gaps, tasks };
}

/** Whether the probe's newest run began at a commit that holds what the lane landed. */
async function wasSeenLanded(
  orchard: Orchard,
  tracker: Tracker,
  { lane, probe }: { readonly lane: Lane; readonly probe: string },
): Promise<boolean> {
  const probing = findLane(tracker, probeLane(probe));
  const start = (probing?.worktree ?? probing?.setAside?.worktree)?.start;
  if (lane.merge?.state !== "landed" || probing === undefined || !isLanded(probing) || start === undefined)
    return false;
  return (await orchard.repository()).isAncestor(parseOid(lane.merge.commit), parseOid(start));
}
