import type { Pairs } from "./edge-set.ts";

/** Who depends on whom, by index: the dependencies of `task` are `target[start[task]] … target[start[task + 1] - 1]`. */
export interface Adjacency {
  readonly start: Int32Array;
  readonly target: Int32Array;
}

export interface Components {
  /** The component of each task; a component comes after all that it depends on. */
  readonly of: Int32Array;
  readonly count: number;
}

/** Edges to unknown ids are left out. */
export function adjacencyOf(size: number, { task, dependsOn }: Pairs): Adjacency {
  const start = new Int32Array(size + 1);
  for (let e = 0; e < task.length; e++) if (dependsOn[e]! < size) start[task[e]! + 1]!++;
  for (let i = 0; i < size; i++) start[i + 1]! += start[i]!;
  const next = start.slice();
  const target = new Int32Array(start[size]!);
  for (let e = 0; e < task.length; e++) if (dependsOn[e]! < size) target[next[task[e]!]!++] = dependsOn[e]!;
  return { start, target };
}

/**
 * Strongly connected components by Tarjan's algorithm, without recursion. Roots are taken in the order of `roots`, so
 * that where dependencies leave a choice, components are numbered in that order.
 */
export function componentsOf({ start, target }: Adjacency, roots: readonly number[]): Components {
  const size = start.length - 1;
  const of = new Int32Array(size).fill(-1);
  const low = new Int32Array(size);
  const seen = new Int32Array(size);
  const next = start.slice();
  const path: number[] = [];
  const open: number[] = [];
  let clock = 0;
  let count = 0;
  for (const root of roots) {
    if (seen[root] !== 0) continue;
    if (start[root] === start[root + 1]) {
      // Depends on nothing: a component of its own, as most are.
      seen[root] = ++clock;
      of[root] = count++;
      continue;
    }
    path.push(root);
    while (path.length > 0) {
      const node = path.at(-1)!;
      if (seen[node] === 0) {
        seen[node] = low[node] = ++clock;
        open.push(node);
      }
      if (next[node]! < start[node + 1]!) {
        const dependency = target[next[node]!++]!;
        if (seen[dependency] === 0) path.push(dependency);
        else if (of[dependency] === -1) low[node] = Math.min(low[node]!, seen[dependency]!);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] === seen[node]) {
        let member: number;
        do {
          member = open.pop()!;
          of[member] = count;
        } while (member !== node);
        count++;
      }
    }
  }
  return { of, count };
}
