import { unknownNode } from "./errors.ts";
import { type Links, linksOf, type UnknownDependency } from "./links.ts";
import { topologicalOrder } from "./topological-order.ts";
import type { WorkNode } from "./work-node.ts";

/**
 * The plan as numbers: node `i` is the i-th node of the plan, and every property is a flat array over `i`, so
 * that a question about 100,000 nodes is one pass over memory. Immutable; every question about a graph reads it.
 */
export interface Graph {
  /** In plan order. */
  readonly ids: readonly string[];
  readonly indexOf: ReadonlyMap<string, number>;
  readonly unknown: readonly UnknownDependency[];
  /** Ids given more than once; the first one counts. */
  readonly duplicates: readonly string[];
  readonly dependencies: Links;
  readonly priority: Float64Array;
  readonly weight: Float64Array;
  /** 1 = may run beside others. */
  readonly parallel: Uint8Array;
  /** 1 = has an unknown dependency. */
  readonly incomplete: Uint8Array;
  /** Every node after all its dependencies; nodes in or behind a cycle are not in it. */
  readonly order: Int32Array;
}

/**
 * Builds the graph of `nodes`; their order is the plan order, which settles every tie. Unknown and repeated ids
 * are values of the result, cycles are found by `findCycle`: nothing here throws. Linear.
 */
export function buildGraph(nodes: readonly WorkNode[]): Graph {
  const { kept, indexOf, duplicates } = withoutRepeats(nodes);
  const { dependencies, unknown, incomplete } = linksOf(kept, indexOf);
  const priority = new Float64Array(kept.length);
  const weight = new Float64Array(kept.length);
  const parallel = new Uint8Array(kept.length);
  const ids: string[] = [];
  for (let i = 0; i < kept.length; i++) {
    const node = kept[i]!;
    ids.push(node.id);
    priority[i] = Number.isNaN(node.priority) ? Number.POSITIVE_INFINITY : node.priority;
    weight[i] = node.weight > 0 && node.weight < Number.POSITIVE_INFINITY ? node.weight : 1;
    parallel[i] = node.parallel ? 1 : 0;
  }
  const order = topologicalOrder(dependencies, kept.length);
  return { ids, indexOf, unknown, duplicates, dependencies, priority, weight, parallel, incomplete, order };
}

/** The number of node `id`. Throws `UNKNOWN_NODE`. */
export function requireIndex(graph: Graph, id: string): number {
  const index = graph.indexOf.get(id);
  if (index === undefined) throw unknownNode(id);
  return index;
}

function withoutRepeats(nodes: readonly WorkNode[]) {
  const indexOf = new Map<string, number>();
  for (let i = 0; i < nodes.length; i++) indexOf.set(nodes[i]!.id, i);
  if (indexOf.size === nodes.length) return { kept: nodes, indexOf, duplicates: [] };
  const sameId = [...Map.groupBy(nodes, ({ id }) => id).values()];
  const kept = sameId.map(([first]) => first!);
  return {
    kept,
    indexOf: new Map(kept.map(({ id }, i) => [id, i])),
    duplicates: sameId.filter(({ length }) => length > 1).map(([first]) => first!.id),
  };
}
