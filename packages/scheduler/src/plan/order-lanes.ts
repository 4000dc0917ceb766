import { buildGraph, type Graph } from "../graph.ts";
import { mergeOrder } from "../merge-order.ts";
import { filesOf, type Lane, urgency } from "./lane-of-items.ts";
import type { PlanItem } from "./plan-item.ts";
import { ownersOf, sharingPairs } from "./shared-paths.ts";

export interface OrderedLane extends Lane {
  /** Numbers of the lanes before it, all smaller than its own. */
  readonly before: readonly number[];
}

/**
 * The lanes, each after those that its items wait for, the more urgent first; lanes that touch the same file go one after the
 * other, the earlier one first, which cannot make a cycle.
 */
export function orderLanes(lanes: readonly Lane[], graph: Graph, items: readonly PlanItem[]): readonly OrderedLane[] {
  const laneOf = new Map(lanes.flatMap((lane, number) => lane.items.map((item) => [item, number] as const)));
  const numbers = new Map(lanes.map((lane, number) => [lane, number]));
  const { start, target } = graph.dependencies;
  const needs = lanes.map((lane, number) => {
    const on = lane.items.flatMap((item) => [...target.subarray(start[item]!, start[item + 1]!)]);
    const chain = lane.after === undefined ? [] : [numbers.get(lane.after)!];
    return [...new Set([...chain, ...on.map((item) => laneOf.get(item)!)])].filter((other) => other !== number);
  });
  // Among equally urgent ones the lane with the first item goes first.
  const first = lanes.map((lane) => Math.min(...lane.items));
  const byFirst = [...lanes.keys()].sort((a, b) => first[a]! - first[b]!);
  const sorted = mergeOrder(
    buildGraph(
      byFirst.map((number) => ({
        id: String(number),
        dependsOn: needs[number]!.map(String),
        priority: urgency(lanes[number]!, items),
        parallel: true,
        weight: 1,
      })),
    ),
    byFirst.map(String),
  ).map(Number);
  const place = new Map(sorted.map((number, at) => [number, at]));
  const before = sorted.map((number) => new Set(needs[number]!.map((other) => place.get(other)!)));
  const owners = ownersOf(sorted.map((number) => filesOf(lanes[number]!, items)));
  for (const [earlier, later] of sharingPairs(owners)) before[later]!.add(earlier);
  return sorted.map((number, at) => ({ ...lanes[number]!, before: [...before[at]!].sort((a, b) => a - b) }));
}
