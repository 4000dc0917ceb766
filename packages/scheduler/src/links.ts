import type { WorkNode } from "./work-node.ts";

/** The edges of a graph: those of node `i` are `target[start[i]] … target[start[i + 1] - 1]`. */
export interface Links {
  readonly start: Int32Array;
  readonly target: Int32Array;
}

/** A dependency on an id that no node has. Its node is never ready. */
export interface UnknownDependency {
  readonly id: string;
  readonly dependsOn: string;
}

/** Each node's dependencies, every one once, in the order they were written. */
export function linksOf(
  nodes: readonly WorkNode[],
  indexOf: ReadonlyMap<string, number>,
): { dependencies: Links; unknown: UnknownDependency[]; incomplete: Uint8Array } {
  const start = new Int32Array(nodes.length + 1);
  const target = new Int32Array(nodes.reduce((sum, node) => sum + node.dependsOn.length, 0));
  const lastUser = new Int32Array(nodes.length).fill(-1);
  const incomplete = new Uint8Array(nodes.length);
  const unknown: UnknownDependency[] = [];
  let end = 0;
  for (let i = 0; i < nodes.length; i++) {
    let strangers: Set<string> | undefined;
    for (const dependsOn of nodes[i]!.dependsOn) {
      const dependency = indexOf.get(dependsOn);
      if (dependency === undefined) {
        strangers ??= new Set();
        strangers.add(dependsOn);
      } else if (lastUser[dependency] !== i) {
        lastUser[dependency] = i;
        target[end++] = dependency;
      }
    }
    start[i + 1] = end;
    if (strangers === undefined) continue;
    incomplete[i] = 1;
    for (const dependsOn of strangers) unknown.push({ id: nodes[i]!.id, dependsOn });
  }
  return { dependencies: { start, target: target.subarray(0, end) }, unknown, incomplete };
}

/** The same edges from the other end; those of one node in plan order. */
export function reversed({ start, target }: Links, size: number): Links {
  const startBack = new Int32Array(size + 1);
  for (let e = 0; e < target.length; e++) startBack[target[e]! + 1]!++;
  for (let i = 0; i < size; i++) startBack[i + 1]! += startBack[i]!;
  const next = startBack.slice(0, size);
  const targetBack = new Int32Array(target.length);
  for (let i = 0; i < size; i++) {
    for (let e = start[i]!; e < start[i + 1]!; e++) targetBack[next[target[e]!]!++] = i;
  }
  return { start: startBack, target: targetBack };
}
