import type { Graph } from "./graph.ts";
import type { NodeState, StateOf } from "./work-node.ts";

/** The state of every node at one moment, asked once. Any number of questions can then be put to it. */
export interface ObservedStates {
  /** By node number: 0 waiting, 1 running, 2 done, 3 failed, 4 held. */
  readonly code: Uint8Array;
}

export const CODE = { waiting: 0, running: 1, done: 2, failed: 3, held: 4 } as const satisfies Record<
  NodeState,
  number
>;

const STATES: readonly NodeState[] = ["waiting", "running", "done", "failed", "held"];

/** Asks `stateOf` once for every node. */
export function observe(graph: Graph, stateOf: StateOf): ObservedStates {
  const code = new Uint8Array(graph.ids.length);
  for (let i = 0; i < code.length; i++) code[i] = CODE[stateOf(graph.ids[i]!, i)];
  return { code };
}

/** What every question takes: a function, asked once for every node, or an observation made before. */
export type States = StateOf | ObservedStates;

export function observed(graph: Graph, states: States): ObservedStates {
  return typeof states === "function" ? observe(graph, states) : states;
}

export function stateAt({ code }: ObservedStates, node: number): NodeState {
  return STATES[code[node]!]!;
}
