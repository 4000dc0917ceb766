import type { Graph } from "./graph.ts";
import { CODE, type ObservedStates, observed, type States } from "./observe.ts";

/** The waiting nodes whose dependencies are all done, in plan order. Linear in nodes and edges. */
export function readySet(graph: Graph, states: States): readonly string[] {
  const now = observed(graph, states);
  const ready: string[] = [];
  for (let i = 0; i < graph.ids.length; i++) {
    if (isReady(graph, now, i)) ready.push(graph.ids[i]!);
  }
  return ready;
}

export function isReady({ dependencies, incomplete }: Graph, { code }: ObservedStates, node: number): boolean {
  if (code[node] !== CODE.waiting || incomplete[node] === 1) return false;
  for (let e = dependencies.start[node]!; e < dependencies.start[node + 1]!; e++) {
    if (code[dependencies.target[e]!] !== CODE.done) return false;
  }
  return true;
}
