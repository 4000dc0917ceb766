import { type Links, reversed } from "./links.ts";

/** All nodes, each after its dependencies; without those in or behind a cycle. A plan written in such an order keeps it. */
export function topologicalOrder(dependencies: Links, size: number): Int32Array {
  return planOrder(dependencies, size) ?? wave(dependencies, reversed(dependencies, size), size);
}

function planOrder({ start, target }: Links, size: number): Int32Array | undefined {
  const order = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    order[i] = i;
    for (let e = start[i]!; e < start[i + 1]!; e++) if (target[e]! >= i) return undefined;
  }
  return order;
}

function wave(dependencies: Links, dependents: Links, size: number): Int32Array {
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
