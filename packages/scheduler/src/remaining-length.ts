import type { Graph } from "./graph.ts";
import { CODE, type ObservedStates, observed, type States } from "./observe.ts";

/**
 * How much work, in units of weight, lies on the longest chain that starts with each node: its own weight and
 * that of what waits for it. 0 for a done node. Nodes in or behind a cycle are left out: their chain has no end.
 */
export function remainingLength(graph: Graph, states: States): ReadonlyMap<string, number> {
  const { length } = longestChains(graph, observed(graph, states));
  const byId = new Map<string, number>();
  for (const node of graph.order) byId.set(graph.ids[node]!, length[node]!);
  return byId;
}

export interface LongestChains {
  /** Over node numbers; 0 for what is done, and in or behind a cycle. */
  readonly length: Float64Array;
  /** The next node of the longest chain, among equals the first in plan order; -1 where it ends. */
  readonly next: Int32Array;
}

/** From the last node to the first, each node hands its length on to its dependencies. */
export function longestChains({ dependencies, order, weight }: Graph, { code }: ObservedStates): LongestChains {
  const length = new Float64Array(weight.length);
  const next = new Int32Array(weight.length).fill(-1);
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    if (code[node] === CODE.done) {
      length[node] = 0;
      continue;
    }
    const own = weight[node]! + length[node]!;
    length[node] = own;
    for (let e = dependencies.start[node]!; e < dependencies.start[node + 1]!; e++) {
      const dependency = dependencies.target[e]!;
      const best = length[dependency]!;
      if (own < best || (own === best && next[dependency]! < node)) continue;
      length[dependency] = own;
      next[dependency] = node;
    }
  }
  return { length, next };
}
