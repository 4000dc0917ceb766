import type { Graph } from "./graph.ts";
import { CODE, type ObservedStates } from "./observe.ts";

/**
 * The priority that each node acts with: the most urgent one among its `own` and those of the unfinished nodes
 * that wait for it, however far away. So an urgent node never waits behind a less urgent one that happened to be
 * ready before it.
 */
export function urgencies({ dependencies, order }: Graph, own: Float64Array, states?: ObservedStates): Float64Array {
  const urgency = own.slice();
  for (let at = order.length - 1; at >= 0; at--) {
    const node = order[at]!;
    if (states?.code[node] === CODE.done) continue;
    for (let e = dependencies.start[node]!; e < dependencies.start[node + 1]!; e++) {
      const dependency = dependencies.target[e]!;
      if (urgency[node]! < urgency[dependency]!) urgency[dependency] = urgency[node]!;
    }
  }
  return urgency;
}
