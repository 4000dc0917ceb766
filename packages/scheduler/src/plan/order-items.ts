import { buildGraph, type Graph } from "../graph.ts";
import { mergeOrder } from "../merge-order.ts";
import type { PlanItem } from "./plan-item.ts";

/** The place of each item among all: after what it waits for, the more urgent first; those of a cycle stand together. */
export function orderItems(items: readonly PlanItem[], graph: Graph, units: Int32Array): readonly number[] {
  const members = Map.groupBy(items.keys(), (item) => units[item]!);
  const { start, target } = graph.dependencies;
  const nodes = [...members].map(([unit, own]) => ({
    id: String(unit),
    dependsOn: own
      .flatMap((item) =>
        [...target.subarray(start[item]!, start[item + 1]!)].map((on) => units[on]!).filter((on) => on !== unit),
      )
      .map(String),
    priority: Math.min(...own.map((item) => items[item]!.priority)),
    parallel: true,
    weight: 1,
  }));
  const sorted = mergeOrder(
    buildGraph(nodes),
    nodes.map(({ id }) => id),
  );
  return sorted.flatMap((unit) => members.get(Number(unit))!);
}
