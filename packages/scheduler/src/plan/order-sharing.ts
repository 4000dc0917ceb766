import { buildGraph } from "../graph.ts";
import { mergeOrder } from "../merge-order.ts";
import { ownersOf, sharingPairs } from "./shared-paths.ts";

/** A lane that somebody else thought of. */
export interface SharingLane {
  readonly id: string;
  readonly files: readonly string[];
  readonly dependsOn: readonly string[];
  readonly priority: number;
}

/**
 * What each lane shall wait for, so that two which touch the same file go one after the other: what it waits for already,
 * and the lane before it in an order that respects all of that, the more urgent first. No cycle comes of it; lanes that
 * wait for each other already are left so.
 */
export function orderSharing(lanes: readonly SharingLane[]): ReadonlyMap<string, readonly string[]> {
  const byId = new Map(lanes.map((lane) => [lane.id, lane]));
  const graph = buildGraph(lanes.map((lane) => ({ ...lane, parallel: true, weight: 1 })));
  const order = mergeOrder(graph, graph.ids);
  const before = new Map(order.map((id) => [id, new Set(byId.get(id)!.dependsOn)]));
  const owners = ownersOf(order.map((id) => byId.get(id)!.files));
  const isSound = graph.order.length === graph.ids.length;
  for (const [earlier, later] of isSound ? sharingPairs(owners) : []) before.get(order[later]!)!.add(order[earlier]!);
  return new Map([...before].map(([id, others]) => [id, [...others]]));
}
