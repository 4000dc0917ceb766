import { type Graph, requireIndex } from "./graph.ts";
import { Heap } from "./heap.ts";
import { reversed } from "./links.ts";
import { urgencies } from "./urgency.ts";

/**
 * `ids`, each once, in the order to land them: every node after those it depends on (also through nodes that are
 * not in `ids`), then by urgency among `ids`, then in plan order. Nodes in or behind a cycle have no such place and
 * come last, in plan order. Throws `UNKNOWN_NODE`.
 */
export function mergeOrder(graph: Graph, ids: readonly string[]): readonly string[] {
  const wanted = new Uint8Array(graph.ids.length);
  for (const id of ids) wanted[requireIndex(graph, id)] = 1;
  const involved = withDependencies(graph, wanted);
  const sorted = dependenciesFirst(graph, involved, ranks(graph, wanted));
  const result: string[] = [];
  for (const node of sorted) if (wanted[node] === 1) result.push(graph.ids[node]!);
  const placed = new Set(result);
  for (let i = 0; i < wanted.length; i++) {
    if (wanted[i] === 1 && !placed.has(graph.ids[i]!)) result.push(graph.ids[i]!);
  }
  return result;
}

/** Nodes that are only passed through land nothing: they lend no urgency of their own and give way at once. */
function ranks(graph: Graph, wanted: Uint8Array): Float64Array {
  const own = graph.priority.map((value, node) => (wanted[node] === 1 ? value : Number.POSITIVE_INFINITY));
  return urgencies(graph, own).map((value, node) => (wanted[node] === 1 ? value : Number.NEGATIVE_INFINITY));
}

function withDependencies({ dependencies }: Graph, wanted: Uint8Array): Uint8Array {
  const involved = wanted.slice();
  const stack: number[] = [];
  for (let i = 0; i < wanted.length; i++) if (wanted[i] === 1) stack.push(i);
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (let e = dependencies.start[node]!; e < dependencies.start[node + 1]!; e++) {
      const dependency = dependencies.target[e]!;
      if (involved[dependency] === 1) continue;
      involved[dependency] = 1;
      stack.push(dependency);
    }
  }
  return involved;
}

function* dependenciesFirst(graph: Graph, involved: Uint8Array, rank: Float64Array): Generator<number> {
  const { dependencies } = graph;
  const dependents = reversed(dependencies, graph.ids.length);
  const missing = new Int32Array(involved.length);
  const free = new Heap((a, b) => rank[a]! < rank[b]! || (rank[a] === rank[b] && a < b));
  for (let i = 0; i < involved.length; i++) {
    missing[i] = dependencies.start[i + 1]! - dependencies.start[i]!;
    if (involved[i] === 1 && missing[i] === 0) free.push(i);
  }
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    yield node;
    for (let e = dependents.start[node]!; e < dependents.start[node + 1]!; e++) {
      const dependent = dependents.target[e]!;
      if (--missing[dependent]! === 0 && involved[dependent] === 1) free.push(dependent);
    }
  }
}
