import type { Graph } from "./graph.ts";
import { CODE, type ObservedStates, observed, type States } from "./observe.ts";

/**
 * How much work, in units of weight, lies on the longest chain that starts with each node: its own weight and
 * that of what waits for it. 0 for a done node. Nodes in or behind a cycle are left out: their chain has no end.
 */
export function remainingLength(graph: Graph, states: States): ReadonlyMap<string, number> {
  const lengths = remainingLengths(graph, observed(graph, states));
  const byId = new Map<string, number>();
  for (const node of graph.order) byId.set(graph.ids[node]!, lengths[node]!);
  return byId;
}

/** As {@link remainingLength}, over node numbers (0 where that leaves a node out). */
export function remainingLengths(graph: Graph, { code }: ObservedStates): Float64Array {
  const { dependents, order, weight } = graph;
  const lengths = new Float64Array(graph.ids.length);
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    if (code[node] === CODE.done) continue;
    let longest = 0;
    for (let e = dependents.start[node]!; e < dependents.start[node + 1]!; e++) {
      const length = lengths[dependents.target[e]!]!;
      if (length > longest) longest = length;
    }
    lengths[node] = weight[node]! + longest;
  }
  return lengths;
}
