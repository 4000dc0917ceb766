import { canonicalJson, type LaneId } from "@orchard/kernel";
import type { Lane, LaneDefinition } from "../domain/lane.ts";
import { lanesInOrder, type Tracker } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import { dependencyCycle, laneExists, unknownDependency } from "../errors.ts";
import { type FindCycle, requireUnshared } from "./add-lane.ts";
import { requireHome, type TrackerDecision } from "./decision.ts";

/** The wish that these lanes be the plan; each may make `attemptsAllowed` attempts before it counts as failed. */
export interface PlanIntent {
  /** The lanes of the plan, in its order. */
  readonly lanes: readonly { readonly lane: LaneId; readonly definition: LaneDefinition }[];
  readonly attemptsAllowed: number;
}

/** What a plan changed among the lanes; nothing when it was in force already. */
export interface PlanAdopted {
  readonly [key: string]: readonly LaneId[];
  readonly added: readonly LaneId[];
  /** Lanes of an older plan that the new one has not, and that nothing was done for yet. */
  readonly withdrawn: readonly LaneId[];
}

/**
 * Puts the lanes of a plan in place of those of the older plan that nothing was done for yet; every other lane stays as it
 * is. The same plan a second time changes nothing. Throws `LANE_EXISTS`, `UNKNOWN_DEPENDENCY`, `DEPENDENCY_CYCLE` or
 * `TASK_IN_LANE`.
 */
export function adoptPlan(tracker: Tracker, intent: PlanIntent, findCycle: FindCycle): TrackerDecision<PlanAdopted> {
  requireHome(tracker);
  const before = replaceableLanes(tracker);
  const kept = keptLanes(tracker);
  requireSound(kept, intent.lanes, findCycle);
  const added = intent.lanes.map(({ lane }) => lane);
  const withdrawn = before.map(({ id }) => id);
  if (isSamePlan(before, intent.lanes)) return { facts: [], outcome: { added: [], withdrawn: [] } };
  const facts: readonly TrackerFact[] = [
    ...withdrawn.map((lane) => ({ type: "lane-withdrawn", lane }) as const),
    ...intent.lanes.map(({ lane, definition }) => {
      return { type: "lane-added", lane, definition, attemptsAllowed: intent.attemptsAllowed } as const;
    }),
  ];
  const isBack = new Set<string>(added);
  return { facts, outcome: { added, withdrawn: withdrawn.filter((id) => !isBack.has(id)) } };
}

/**
 * The lanes that a new plan replaces: planned, and nothing was done for them yet; not those that a lane waits for which
 * stays.
 */
export function replaceableLanes(tracker: Tracker): readonly Lane[] {
  const lanes = lanesInOrder(tracker);
  const needed = new Set<string>();
  const need = (lane: Lane) => {
    for (const id of lane.definition.dependsOn) {
      if (needed.has(id)) continue;
      needed.add(id);
      const other = lanes.find((one) => one.id === id);
      if (other !== undefined) need(other);
    }
  };
  for (const lane of lanes) if (!isUntouched(lane)) need(lane);
  return lanes.filter((lane) => isUntouched(lane) && !needed.has(lane.id));
}

/** All others, in the order in which they were added. */
export function keptLanes(tracker: Tracker): readonly Lane[] {
  const replaced = new Set(replaceableLanes(tracker).map(({ id }) => id));
  return lanesInOrder(tracker).filter(({ id }) => !replaced.has(id));
}

function isUntouched({ definition, state, attempts, worktree, setAside }: Lane): boolean {
  const isNew = attempts.length === 0 && worktree === undefined && setAside === undefined;
  return definition.planned !== undefined && state === "pending" && isNew;
}

function requireSound(kept: readonly Lane[], lanes: PlanIntent["lanes"], findCycle: FindCycle): void {
  const byId = new Map<string, Lane>(kept.map((lane) => [lane.id, lane]));
  const known = new Set<string>([...byId.keys(), ...lanes.map(({ lane }) => lane)]);
  for (const { lane, definition } of lanes) {
    const there = byId.get(lane);
    if (there !== undefined) throw laneExists(there);
    const missing = definition.dependsOn.find((id) => !known.has(id));
    if (missing !== undefined) throw unknownDependency(lane, missing);
    requireUnshared(kept, definition);
  }
  const nodes = [
    ...kept.map(({ id, definition }) => ({ id, dependsOn: definition.dependsOn })),
    ...lanes.map(({ lane, definition }) => ({ id: lane, dependsOn: definition.dependsOn })),
  ];
  const cycle = findCycle(nodes);
  if (cycle !== undefined) throw dependencyCycle(cycle);
}

function isSamePlan(before: readonly Lane[], lanes: PlanIntent["lanes"]): boolean {
  const plain = (plan: PlanIntent["lanes"]) => canonicalJson(plan.map(({ lane, definition }) => [lane, definition]));
  return plain(before.map(({ id, definition }) => ({ lane: id, definition }))) === plain(lanes);
}
