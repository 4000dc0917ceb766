import { parseLaneId } from "@orchard/kernel";
import { orderSharing } from "@orchard/scheduler";
import { keptLanes, type LaneDefinition, type Tracker } from "@orchard/tracker-core";
import { type InputProblem, invalidInput } from "../errors.ts";
import type { Gap } from "../probes/probe-result.ts";
import { findCycle } from "../requests/add-lane-from-json.ts";
import { taskKey } from "./covered-by-lanes.ts";
import { lanesFromPlan } from "./lanes-from-plan.ts";
import type { LaneOfPlan, MadePlan } from "./make-plan.ts";
import { gapItems, PRIORITIES, taskItems } from "./plan-items.ts";
import type { PlanSources } from "./plan-sources.ts";
import { readPlanFile } from "./read-plan-file.ts";

/**
 * The lanes of a plan that an agent drafted. Nothing in it is trusted: names are free, every gap and every task is one that
 * waits to be planned and is there once, what gaps wait for goes first, and lanes that touch the same file go one after the
 * other whatever the draft says. What it leaves out is told. Throws `INVALID_INPUT`.
 */
export function lanesFromDraft(
  text: string,
  { tracker, sources, source }: { readonly tracker: Tracker; readonly sources: PlanSources; readonly source: string },
): MadePlan {
  const { progress, covered, reading, taken } = sources;
  const plan = readPlanFile(text, source);
  const all = reading.results.flatMap((result) => result.gaps);
  const gaps = new Map(
    gapItems(all, covered).flatMap((item) => (item.source.kind === "gap" ? [[item.id, item.source.gap]] : [])),
  );
  const tasks = new Set(taskItems(progress, all, covered).map(({ id }) => id));
  const names = new Set<string>([...keptLanes(tracker).map(({ id }) => id), ...taken]);
  const wanted = lanesFromPlan(
    { ...plan, lanes: plan.lanes.filter(({ id }) => !names.has(id)) },
    { tracker, progress, source },
  );
  const items = wanted.map(({ definition }) => itemsOf(definition));
  const problems = [
    ...plan.lanes.flatMap(({ id }, at): readonly InputProblem[] =>
      names.has(id) ? [{ field: `lanes[${at}].id`, message: `the name "${id}" is taken` }] : [],
    ),
    ...strangers(items, new Set([...gaps.keys(), ...tasks])),
  ];
  if (problems.length > 0) throw invalidInput(source, problems);
  const lanes = inOrder(
    wanted.map((lane) => withFilesOf(lane, gaps)),
    gaps,
    source,
  );
  const planned = new Set(items.flat());
  const left = [...gaps.keys(), ...tasks].filter((id) => !planned.has(id));
  return {
    lanes,
    findings: left.length === 0 ? [] : [`the draft leaves out ${left.join(", ")}; plan again to have them`],
  };
}

/** The gaps and tasks that a lane is about. */
function itemsOf({ spec, tasks, planned }: LaneDefinition): readonly string[] {
  return [...(planned?.gaps ?? []), ...(spec === undefined ? [] : tasks.map((task) => taskKey(spec, task)))];
}

function strangers(items: readonly (readonly string[])[], known: ReadonlySet<string>): readonly InputProblem[] {
  const seen = new Set<string>();
  return items.flatMap((own, at) =>
    own.flatMap((id): readonly InputProblem[] => {
      const why = !known.has(id) ? "waits for no plan" : seen.has(id) ? "is in two lanes" : undefined;
      seen.add(id);
      return why === undefined ? [] : [{ field: `lanes[${at}]`, message: `"${id}" ${why}` }];
    }),
  );
}

function withFilesOf({ lane, definition }: LaneOfPlan, gaps: ReadonlyMap<string, Gap>): LaneOfPlan {
  const own = (definition.planned?.gaps ?? []).flatMap((id) => gaps.get(id)?.files ?? []);
  return { lane, definition: { ...definition, files: [...new Set([...definition.files, ...own])].sort() } };
}

function inOrder(lanes: readonly LaneOfPlan[], gaps: ReadonlyMap<string, Gap>, source: string): readonly LaneOfPlan[] {
  const laneOf = new Map(
    lanes.flatMap(({ lane, definition }) => itemsOf(definition).map((item) => [item, lane] as const)),
  );
  const nodes = lanes.map(({ lane, definition }) => {
    const before = (definition.planned?.gaps ?? []).flatMap((id) => gaps.get(id)?.dependsOn ?? []);
    const lanesBefore = before.flatMap((gap) => laneOf.get(gap) ?? []).filter((other) => other !== lane);
    const dependsOn = [...new Set([...definition.dependsOn, ...lanesBefore])];
    return { id: lane, dependsOn, files: definition.files, priority: PRIORITIES.indexOf(definition.priority) };
  });
  const cycle = findCycle(
    nodes.map((node) => ({ ...node, dependsOn: node.dependsOn.filter((on) => nodes.some(({ id }) => id === on)) })),
  );
  if (cycle !== undefined) {
    const message = `with what its gaps wait for, lanes wait for each other: ${[...cycle, cycle[0]].join(" → ")}`;
    throw invalidInput(source, [{ field: "lanes", message }]);
  }
  const ordered = orderSharing(nodes);
  return lanes.map(({ lane, definition }) => ({
    lane,
    definition: { ...definition, dependsOn: (ordered.get(lane) ?? []).map(parseLaneId) },
  }));
}
