import { type Components, componentsOf } from "./components.ts";
import type { Graph } from "./graph.ts";

/**
 * The shortest cycle: `["a", "b"]` means that a depends on b and b on a; a node that depends on itself is a cycle
 * of one. It starts with its first node in plan order, and equal plans give the same one of several shortest.
 * `undefined` at no more cost than a look when there is none.
 */
export function findCycle(graph: Graph): readonly string[] | undefined {
  if (graph.order.length === graph.ids.length) return undefined;
  const components = componentsOf(graph, outsideOrder(graph));
  const search = new CycleSearch(graph, components);
  let shortest: readonly number[] | undefined;
  for (const node of everyCycleMeetsOneOf(graph, components)) {
    shortest = search.through(node, shortest?.length ?? Number.POSITIVE_INFINITY) ?? shortest;
    if (shortest?.length === 1) break;
  }
  return shortest === undefined ? undefined : fromFirst(shortest).map((node) => graph.ids[node]!);
}

function outsideOrder({ ids, order }: Graph): Uint8Array {
  const part = new Uint8Array(ids.length).fill(1);
  for (const node of order) part[node] = 0;
  return part;
}

/** Nodes at the end of a back edge of a depth-first walk: without them no cycle is left, so no other need be tried. */
function everyCycleMeetsOneOf({ dependencies }: Graph, { of }: Components): readonly number[] {
  const isOpen = new Uint8Array(of.length);
  const seen = new Uint8Array(of.length);
  const nextEdge = new Int32Array(of.length);
  const met = new Uint8Array(of.length);
  const path: number[] = [];
  const enter = (node: number): void => {
    seen[node] = isOpen[node] = 1;
    nextEdge[node] = dependencies.start[node]!;
    path.push(node);
  };
  for (let root = 0; root < of.length; root++) {
    if (of[root] === -1 || seen[root] === 1) continue;
    enter(root);
    while (path.length > 0) {
      const node = path[path.length - 1]!;
      if (nextEdge[node] === dependencies.start[node + 1]) {
        isOpen[node] = 0;
        path.pop();
        continue;
      }
      const dependency = dependencies.target[nextEdge[node]!++]!;
      if (of[dependency] !== of[node]) continue;
      if (seen[dependency] === 0) enter(dependency);
      else if (isOpen[dependency] === 1) met[dependency] = 1;
    }
  }
  const nodes: number[] = [];
  for (let i = 0; i < met.length; i++) if (met[i] === 1) nodes.push(i);
  return nodes;
}

/** Breadth-first search for the way back to a node; its memory is made once for all searches. */
class CycleSearch {
  readonly #graph: Graph;
  readonly #components: Components;
  readonly #reachedIn: Int32Array;
  readonly #from: Int32Array;
  readonly #depth: Int32Array;
  readonly #queue: Int32Array;
  #round = 0;

  constructor(graph: Graph, components: Components) {
    this.#graph = graph;
    this.#components = components;
    this.#reachedIn = new Int32Array(graph.ids.length);
    this.#from = new Int32Array(graph.ids.length);
    this.#depth = new Int32Array(graph.ids.length);
    this.#queue = new Int32Array(graph.ids.length);
  }

  /** A shortest cycle through `start` with fewer than `below` nodes. */
  through(start: number, below: number): readonly number[] | undefined {
    const { dependencies } = this.#graph;
    const { of } = this.#components;
    const round = ++this.#round;
    let end = 0;
    this.#queue[end++] = start;
    this.#depth[start] = 1;
    for (let at = 0; at < end; at++) {
      const node = this.#queue[at]!;
      if (this.#depth[node]! >= below) return undefined;
      for (let e = dependencies.start[node]!; e < dependencies.start[node + 1]!; e++) {
        const dependency = dependencies.target[e]!;
        if (dependency === start) return this.#wayTo(node, start);
        if (of[dependency] !== of[start] || this.#reachedIn[dependency] === round) continue;
        this.#reachedIn[dependency] = round;
        this.#from[dependency] = node;
        this.#depth[dependency] = this.#depth[node]! + 1;
        this.#queue[end++] = dependency;
      }
    }
    return undefined;
  }

  #wayTo(last: number, start: number): readonly number[] {
    const cycle = [last];
    for (let node = last; node !== start; ) {
      node = this.#from[node]!;
      cycle.push(node);
    }
    return cycle.reverse();
  }
}

function fromFirst(cycle: readonly number[]): readonly number[] {
  let first = 0;
  for (let i = 1; i < cycle.length; i++) if (cycle[i]! < cycle[first]!) first = i;
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}
