import { type LaneId, parseLaneId, printableLine } from "@orchard/kernel";
import { type KeptLane, lanesFromGaps, type PlannedLane } from "@orchard/scheduler";
import { findLane, isLanded, keptLanes, type Lane, type LaneDefinition, type Tracker } from "@orchard/tracker-core";
import { gapItems, PRIORITIES, type SourcedItem, taskItems } from "./plan-items.ts";
import type { PlanSources } from "./plan-sources.ts";

/** A lane as a plan has it. */
export interface LaneOfPlan {
  readonly lane: LaneId;
  readonly definition: LaneDefinition;
}

export interface MadePlan {
  /** In plan order. */
  readonly lanes: readonly LaneOfPlan[];
  /** What a person should know; none of it is in the way of the plan. */
  readonly findings: readonly string[];
}

const LONGEST_NAME = 120;

/** The lanes for every gap and every open task that no lane is about yet; pure: the same sources, the same plan. */
export function makePlan(tracker: Tracker, { reading, progress, covered, taken }: PlanSources): MadePlan {
  const gaps = reading.results.flatMap((result) => result.gaps);
  const items = [...gapItems(gaps, covered), ...taskItems(progress, gaps, covered)];
  const kept = keptLanes(tracker);
  const plan = lanesFromGaps(items, {
    kept: kept.filter(isGoingOn).map(asKept),
    taken: [...kept.map(({ id }) => id), ...taken],
  });
  const byId = new Map(items.map((item) => [item.id, item]));
  const after = (lane: PlannedLane) => [
    ...new Set([...coveredBefore(tracker, lane, byId, covered.gaps), ...lane.dependsOn]),
  ];
  const known = new Set(gaps.map(({ id }) => id));
  return {
    lanes: plan.lanes.map((lane) => ({
      lane: parseLaneId(lane.id),
      definition: definitionOf(
        lane,
        lane.items.flatMap((id) => byId.get(id) ?? []),
        after(lane),
      ),
    })),
    findings: [
      ...plan.cycles.map(
        (cycle) => `${[...cycle, cycle[0]].join(" → ")}: they wait for each other, so one lane does them all`,
      ),
      ...plan.unknown
        .filter(({ id, dependsOn }) => byId.get(id)?.source.kind === "gap" && !known.has(dependsOn))
        .map(
          ({ id, dependsOn }) => `gap "${id}" waits for "${dependsOn}", which no probe reports; it counts as closed`,
        ),
    ],
  };
}

/** Something of it may still change files: what touches the same goes after it. */
export function isGoingOn(lane: Lane): boolean {
  const { definition, state } = lane;
  if (definition.probe !== undefined || definition.draft === true) return false;
  return !isLanded(lane) && state !== "failed" && state !== "stopped";
}

function asKept({ id, definition, work }: Lane): KeptLane {
  return { id, files: [...new Set([...definition.files, ...(work?.changedFiles ?? [])])] };
}

/** Lanes that stay and close a gap that one of the items waits for. */
function coveredBefore(
  tracker: Tracker,
  { items }: PlannedLane,
  byId: ReadonlyMap<string, SourcedItem>,
  covered: ReadonlyMap<string, string>,
): readonly string[] {
  const lanes = items.flatMap((id) => byId.get(id)?.dependsOn ?? []).flatMap((on) => covered.get(on) ?? []);
  return lanes.filter((id) => {
    const lane = findLane(tracker, id);
    return lane !== undefined && !isLanded(lane);
  });
}

function definitionOf(lane: PlannedLane, items: readonly SourcedItem[], dependsOn: readonly string[]): LaneDefinition {
  const gaps = items.flatMap(({ source }) => (source.kind === "gap" ? [source.gap] : []));
  const tasks = items.flatMap(({ source }) =>
    source.kind === "task" ? [source.task.id] : source.gap.tasks.length === 0 ? [source.gap.title] : source.gap.tasks,
  );
  return {
    name: nameOf(items),
    ...(lane.of === undefined ? {} : { spec: lane.of }),
    tasks,
    parallel: true,
    priority: PRIORITIES[lane.priority] ?? "low",
    dependsOn: dependsOn.map(parseLaneId),
    files: lane.files,
    planned: { gaps: gaps.map(({ id }) => id) },
    noChange: false,
  };
}

function nameOf(items: readonly SourcedItem[]): string {
  const [first] = items;
  const title = first === undefined ? "" : titleOf(first);
  const more = items.length - 1;
  return more === 0
    ? printableLine(title, LONGEST_NAME)
    : `${printableLine(title, LONGEST_NAME - 15)}, and ${more} more`;
}

function titleOf({ source }: SourcedItem): string {
  return source.kind === "gap" ? source.gap.title : `${source.task.id} ${source.task.title}`;
}
