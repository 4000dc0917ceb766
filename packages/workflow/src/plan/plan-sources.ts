import { namesIn, nodeFiles } from "@orchard/host";
import { type Progress, requireHome, type Tracker } from "@orchard/tracker-core";
import { branchTips } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { type ProbeReading, readProbeResults } from "../probes/read-probe-results.ts";
import { readSpecs, refreshSpecs } from "../tasks/read-specs.ts";
import { type Covered, coveredByLanes } from "./covered-by-lanes.ts";

/** Everything that a plan is made of; the same sources make the same plan. */
export interface PlanSources {
  readonly base: string;
  readonly reading: ProbeReading;
  readonly progress: Progress;
  readonly covered: Covered;
  /** Names that a lane cannot have: a branch or a folder of that name stands there. */
  readonly taken: readonly string[];
}

/** Reads what has landed of the probes, the specs as their files stand now, and what lanes are about already. */
export async function readPlanSources(
  orchard: Orchard,
  { records }: { readonly records: boolean },
): Promise<PlanSources> {
  const reading = await readProbeResults(orchard);
  const { progress } = records ? await refreshSpecs(orchard) : await readSpecs(orchard);
  const tracker = await orchard.tracker();
  return {
    base: requireHome(tracker).base.replace(/^refs\/heads\//, ""),
    reading,
    progress,
    covered: await coveredByLanes(orchard, { tracker, reading }),
    taken: await takenNames(orchard, tracker),
  };
}

async function takenNames(orchard: Orchard, tracker: Tracker): Promise<readonly string[]> {
  const branches = [...(await branchTips(await orchard.repository())).keys()];
  const names = [
    ...branches.flatMap((ref) => /^refs\/heads\/lane-(.+)$/.exec(ref)?.[1] ?? []),
    ...(await namesIn(nodeFiles, orchard.place.worktreesDir)).flatMap((name) => /^agent-(.+)$/.exec(name)?.[1] ?? []),
  ];
  return [...new Set(names)].filter((name) => !Object.hasOwn(tracker.lanes, name)).sort();
}
