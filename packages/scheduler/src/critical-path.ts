import type { Graph } from "./graph.ts";
import { type ObservedStates, observed, type States } from "./observe.ts";
import { longestChains } from "./remaining-length.ts";

/** The chain of work that no number of agents can shorten. */
export interface CriticalPath {
  /** From the first node to do to the last. */
  readonly path: readonly string[];
  /** The sum of the weights on it. */
  readonly length: number;
}

/**
 * The longest chain of nodes that are not done (of all nodes, without `states`); among equals the one that is
 * first in plan order. Nodes in or behind a cycle are not looked at. Linear.
 */
export function criticalPath(graph: Graph, states?: States): CriticalPath {
  const { length, next } = longestChains(graph, states === undefined ? nothingDone(graph) : observed(graph, states));
  const first = longestOf(length);
  const path: string[] = [];
  for (let node = first; node !== -1; node = next[node]!) path.push(graph.ids[node]!);
  return { path, length: first === -1 ? 0 : length[first]! };
}

function nothingDone(graph: Graph): ObservedStates {
  return { code: new Uint8Array(graph.ids.length) };
}

function longestOf(length: Float64Array): number {
  let best = -1;
  let most = 0;
  for (let i = 0; i < length.length; i++) {
    if (length[i]! <= most) continue;
    best = i;
    most = length[i]!;
  }
  return best;
}
