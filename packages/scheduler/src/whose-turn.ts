import type { Graph } from "./graph.ts";
import { CODE, type ObservedStates } from "./observe.ts";
import { isReady } from "./ready-set.ts";

/** Which ready nodes may start beside what runs now, and which nodes keep the other ready ones back. */
export interface Turn {
  readonly may: readonly number[];
  /** Nodes that a ready node outside `may` lets go first. */
  readonly first: readonly number[];
}

/**
 * A node that is not parallel runs alone: it starts when nothing runs and no parallel node is ready, the first
 * in plan order; while it runs nothing else starts. Parallel nodes that wait for it become ready by its end and
 * go before the next such node. When nothing runs and something is ready, `may` is never empty.
 */
export function whoseTurn(graph: Graph, states: ObservedStates): Turn {
  const { running, parallel, serial } = inspect(graph, states);
  const alone = running.find((node) => graph.parallel[node] === 0);
  if (alone !== undefined) return { may: [], first: [alone] };
  if (running.length > 0 || parallel.length > 0) return { may: parallel, first: [...running, ...parallel] };
  return { may: serial.slice(0, 1), first: serial.slice(0, 1) };
}

function inspect(graph: Graph, states: ObservedStates) {
  const running: number[] = [];
  const parallel: number[] = [];
  const serial: number[] = [];
  for (let i = 0; i < graph.ids.length; i++) {
    if (states.code[i] === CODE.running) running.push(i);
    else if (isReady(graph, states, i)) (graph.parallel[i] === 1 ? parallel : serial).push(i);
  }
  return { running, parallel, serial };
}
