import { canonicalJson, type LaneId, parseLaneId } from "@orchard/kernel";
import { findLane, keptLanes, type LaneDefinition, type Progress, type Tracker } from "@orchard/tracker-core";
import { type InputProblem, invalidInput } from "../errors.ts";
import { findCycle } from "../requests/add-lane-from-json.ts";
import { resolveSpec, resolveTask } from "../tasks/resolve-names.ts";
import type { LaneOfPlan } from "./make-plan.ts";
import type { PlanFile, PlanLane } from "./plan-schema.ts";
import { laneView } from "./plan-view.ts";

/**
 * The lanes that a plan's file wants, in its order. One that has begun, or that somebody added by hand, may be in it as it
 * is and is left alone. Throws `INVALID_INPUT` that lists lanes that are there twice, that wait for what nobody knows or
 * for each other, and that would change a lane which stays; `UNKNOWN_SPEC` and `UNKNOWN_TASK`.
 */
export function lanesFromPlan(
  plan: PlanFile,
  { tracker, progress, source }: { readonly tracker: Tracker; readonly progress: Progress; readonly source: string },
): readonly LaneOfPlan[] {
  const kept = new Set<string>(keptLanes(tracker).map(({ id }) => id));
  const wanted = plan.lanes.map((lane) => ({ lane: parseLaneId(lane.id), definition: definitionOf(lane, progress) }));
  const problems = [
    ...twice(plan.lanes),
    ...unknownIn(plan.lanes, new Set([...kept, ...plan.lanes.map(({ id }) => id)])),
    ...changedIn(wanted, tracker, kept),
    ...circleIn(plan.lanes),
  ];
  if (problems.length > 0) throw invalidInput(source, problems);
  return wanted.filter(({ lane }) => !kept.has(lane));
}

function definitionOf({ gaps, ...lane }: PlanLane, progress: Progress): LaneDefinition {
  const { name, spec, tasks, parallel, priority, dependsOn, files } = lane;
  const known = spec === undefined ? undefined : resolveSpec(progress, spec);
  const names = known === undefined ? tasks : tasks.map((task) => resolveTask(progress, `${known}/${task}`, {}).task);
  return {
    ...(name === undefined ? {} : { name }),
    ...(known === undefined ? {} : { spec: known }),
    tasks: known === undefined ? tasks : [...new Set(names)],
    parallel,
    priority,
    dependsOn: [...new Set(dependsOn)].map(parseLaneId),
    files,
    planned: { gaps },
    noChange: false,
  };
}

function twice(lanes: readonly PlanLane[]): readonly InputProblem[] {
  const seen = new Set<string>();
  return lanes.flatMap(({ id }, at) => {
    const again = seen.has(id);
    seen.add(id);
    return again ? [{ field: `lanes[${at}].id`, message: `lane "${id}" is there twice` }] : [];
  });
}

function unknownIn(lanes: readonly PlanLane[], known: ReadonlySet<string>): readonly InputProblem[] {
  return lanes.flatMap(({ id, dependsOn }, at) =>
    dependsOn
      .filter((on) => !known.has(on))
      .map((on) => ({
        field: `lanes[${at}].dependsOn`,
        message: `lane "${id}" waits for "${on}", which is neither in the plan nor in the tracker`,
      })),
  );
}

function changedIn(
  wanted: readonly LaneOfPlan[],
  tracker: Tracker,
  kept: ReadonlySet<string>,
): readonly InputProblem[] {
  return wanted.flatMap((one, at) => {
    const there = kept.has(one.lane) ? findLane(tracker, one.lane) : undefined;
    if (there === undefined || isSame(one, { lane: there.id, definition: there.definition })) return [];
    const why = there.definition.planned === undefined ? "was added by hand" : `is ${there.state}`;
    return [{ field: `lanes[${at}]`, message: `lane "${one.lane}" ${why} and stays as it is` }];
  });
}

function isSame(a: LaneOfPlan, b: LaneOfPlan): boolean {
  return canonicalJson(laneView(a)) === canonicalJson(laneView(b));
}

function circleIn(lanes: readonly PlanLane[]): readonly InputProblem[] {
  const ids = new Set(lanes.map(({ id }) => id));
  if (ids.size < lanes.length) return [];
  const cycle = findCycle(
    lanes.map(({ id, dependsOn }) => ({ id: id as LaneId, dependsOn: dependsOn.filter((on) => ids.has(on)) })),
  );
  if (cycle === undefined) return [];
  const at = lanes.findIndex(({ id }) => id === cycle[0]);
  return [
    { field: `lanes[${at}].dependsOn`, message: `lanes wait for each other: ${[...cycle, cycle[0]].join(" → ")}` },
  ];
}
