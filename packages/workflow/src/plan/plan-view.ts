import { createHash } from "node:crypto";
import { canonicalJson, type JsonObject } from "@orchard/kernel";
import type { Lane } from "@orchard/tracker-core";
import type { LaneOfPlan } from "./make-plan.ts";

export interface PlanPicture {
  readonly base: string;
  readonly commit: string;
  readonly lanes: readonly LaneOfPlan[];
  /** Lanes that stay beside the plan, probes apart. */
  readonly others: readonly Lane[];
}

/** `execution_plan.json`; equal plans are equal text. */
export function planView({ base, commit, lanes, others }: PlanPicture): JsonObject {
  const parallel = lanes.filter(({ definition }) => definition.parallel).length;
  const plan = {
    phase: 2,
    base,
    commit,
    lanes: lanes.map(laneView),
    total_lanes: lanes.length,
    parallel_lanes: parallel,
    sequential_lanes: lanes.length - parallel,
    other_lanes: others.map(({ id, definition }) => ({
      id,
      ...(definition.name === undefined ? {} : { name: definition.name }),
    })),
  };
  return { ...plan, digest: planDigest(plan) };
}

/** One lane of `execution_plan.json`; `name` and `spec` are left out where it has none. */
export function laneView({ lane, definition }: LaneOfPlan) {
  const { name, spec, tasks, parallel, priority, dependsOn, files, planned } = definition;
  return {
    id: lane,
    ...(name === undefined ? {} : { name }),
    ...(spec === undefined ? {} : { spec }),
    tasks,
    parallel,
    priority,
    dependsOn,
    files,
    gaps: planned?.gaps ?? [],
  };
}

/** Of everything in a plan but the digest itself. */
export function planDigest(plan: object): string {
  const { digest: _, ...rest } = plan as { readonly digest?: unknown };
  return createHash("sha256").update(canonicalJson(rest)).digest("hex");
}
