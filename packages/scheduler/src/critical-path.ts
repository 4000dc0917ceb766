import type { Graph } from "./graph.ts";
import { type ObservedStates, observed, type States } from "./observe.ts";
import { remainingLengths } from "./remaining-length.ts";

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
  const lengths = remainingLengths(graph, states === undefined ? nothingDone(graph) : observed(graph, states));
  const path: string[] = [];
  let node = longestOf(lengths);
  const length = node === -1 ? 0 : lengths[node]!;
  while (node !== -1) {
    path.push(graph.ids[node]!);
    node = longestDependent(graph, lengths, node);
  }
  return { path, length };
}

function nothingDone(graph: Graph): ObservedStates {
  return { code: new Uint8Array(graph.ids.length) };
}

function longestOf(lengths: Float64Array): number {
  let best = -1;
  for (let i = 0; i < lengths.length; i++) {
    if (lengths[i]! > (best === -1 ? 0 : lengths[best]!)) best = i;
  }
  return best;
}

function longestDependent({ dependents }: Graph, lengths: Float64Array, node: number): number {
  let best = -1;
  for (let e = dependents.start[node]!; e < dependents.start[node + 1]!; e++) {
    const dependent = dependents.target[e]!;
    if (lengths[dependent]! > (best === -1 ? 0 : lengths[best]!)) best = dependent;
  }
  return best;
}
