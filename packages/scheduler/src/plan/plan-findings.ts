import { findCycle } from "../find-cycle.ts";
import { buildGraph, type Graph } from "../graph.ts";
import { naturalOrder } from "./natural-order.ts";
import type { LanePlan, PlanItem } from "./plan-item.ts";

/** Of items that wait for each other the shortest cycle, for each such circle. `units`: the circle of each item. */
export function cyclesIn(graph: Graph, units: Int32Array): readonly (readonly string[])[] {
  if (graph.order.length === graph.ids.length) return [];
  const nodes = [...Map.groupBy(graph.ids.keys(), (item) => units[item]!).values()];
  return nodes.flatMap((members) => {
    const own = new Set(members.map((item) => graph.ids[item]!));
    const { start, target } = graph.dependencies;
    const cycle = findCycle(
      buildGraph(
        members.map((item) => ({
          id: graph.ids[item]!,
          dependsOn: [...target.subarray(start[item]!, start[item + 1]!)]
            .map((on) => graph.ids[on]!)
            .filter((id) => own.has(id)),
          priority: 0,
          parallel: true,
          weight: 1,
        })),
      ),
    );
    return cycle === undefined ? [] : [cycle];
  });
}

/** Dependencies that order nothing. */
export function unknownIn(items: readonly PlanItem[], { dependencies, ids }: Graph): LanePlan["unknown"] {
  const { start, target } = dependencies;
  return items.flatMap(({ id, dependsOn }, item) => {
    const known = new Set([...target.subarray(start[item]!, start[item + 1]!)].map((on) => ids[on]!));
    const others = [...new Set(dependsOn)].filter((other) => !known.has(other));
    return others.sort(naturalOrder).map((other) => ({ id, dependsOn: other }));
  });
}
