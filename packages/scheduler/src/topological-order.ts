import type { Links } from "./links.ts";

/** All nodes, each after its dependencies, by waves and in plan order within one; without nodes in or behind a cycle. */
export function topologicalOrder(dependencies: Links, dependents: Links, size: number): Int32Array {
  const order = new Int32Array(size);
  const missing = new Int32Array(size);
  let end = 0;
  for (let i = 0; i < size; i++) {
    missing[i] = dependencies.start[i + 1]! - dependencies.start[i]!;
    if (missing[i] === 0) order[end++] = i;
  }
  for (let at = 0; at < end; at++) {
    const node = order[at]!;
    for (let e = dependents.start[node]!; e < dependents.start[node + 1]!; e++) {
      const dependent = dependents.target[e]!;
      if (--missing[dependent]! === 0) order[end++] = dependent;
    }
  }
  return order.subarray(0, end);
}
