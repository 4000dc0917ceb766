import type { Graph } from "./graph.ts";
import { type ObservedStates, observed, type States } from "./observe.ts";
import { longestChains } from "./remaining-length.ts";
import { urgencies } from "./urgency.ts";
import { whoseTurn } from "./whose-turn.ts";

/** The moment for which {@link admit} chooses: how every node stands, and how much room there is. */
export interface Admission {
  readonly stateOf: States;
  /** How many more nodes may be started now. */
  readonly slots: number;
}

/**
 * The nodes to start now, most important first, at most `slots`: by urgency (its own priority, or that of a more
 * urgent node that waits for it), then by longest remaining path, then in plan order. A node that is not
 * `parallel` comes alone, after all parallel ones that can run; such nodes among themselves go in plan order.
 * Only ready nodes are named; with nothing running, a free slot and a ready node, at least one is.
 */
export function admit(graph: Graph, { stateOf, slots }: Admission): readonly string[] {
  const states = observed(graph, stateOf);
  const free = Math.max(0, Math.floor(slots));
  const { may } = whoseTurn(graph, states);
  if (free === 0 || may.length === 0) return [];
  return byImportance(graph, states, may)
    .slice(0, free)
    .map((node) => graph.ids[node]!);
}

function byImportance(graph: Graph, states: ObservedStates, nodes: readonly number[]): number[] {
  const urgency = urgencies(graph, graph.priority, states);
  const { length } = longestChains(graph, states);
  return nodes.toSorted((a, b) => compare(urgency[a]!, urgency[b]!) || compare(length[b]!, length[a]!) || a - b);
}

/** Not a difference: two infinite priorities are equal. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
