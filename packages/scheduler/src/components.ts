import type { Graph } from "./graph.ts";

/** The strongly connected components of a part of the graph: nodes that reach each other along dependencies. */
export interface Components {
  /** Over node numbers; -1 outside the part. */
  readonly of: Int32Array;
  /** Over component numbers. */
  readonly size: readonly number[];
}

/** Of the nodes with `part[node] === 1`. Tarjan's algorithm with a stack of its own, so that depth costs no call stack. */
export function componentsOf({ dependencies }: Graph, part: Uint8Array): Components {
  const of = new Int32Array(part.length).fill(-1);
  const size: number[] = [];
  const visit = new Int32Array(part.length);
  const low = new Int32Array(part.length);
  const nextEdge = new Int32Array(part.length);
  const path: number[] = [];
  const open: number[] = [];
  let visits = 0;
  const enter = (node: number): void => {
    visit[node] = low[node] = ++visits;
    nextEdge[node] = dependencies.start[node]!;
    path.push(node);
    open.push(node);
  };
  for (let root = 0; root < part.length; root++) {
    if (part[root] !== 1 || visit[root] !== 0) continue;
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      if (nextEdge[node]! < dependencies.start[node + 1]!) {
        const dependency = dependencies.target[nextEdge[node]!++]!;
        if (part[dependency] !== 1 || of[dependency] !== -1) continue;
        if (visit[dependency] === 0) enter(dependency);
        else low[node] = Math.min(low[node]!, visit[dependency]!);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1];
      if (parent !== undefined) low[parent] = Math.min(low[parent]!, low[node]!);
      if (low[node] === visit[node]) size.push(close(node, open, of, size.length));
    }
  }
  return { of, size };
}

function close(root: number, open: number[], of: Int32Array, component: number): number {
  let size = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    of[node] = component;
    size++;
    if (node === root) break;
  }
  return size;
}
