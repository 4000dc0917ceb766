import { type Components, componentsOf } from "./components.ts";
import type { Graph } from "./graph.ts";
import type { Links } from "./links.ts";

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

/**
 * A walk by levels: an edge goes to the next level at most. Along a cycle the level cannot always rise, so every
 * cycle has an edge that does not go up; the nodes at one end of those edges, whichever end has fewer, are enough.
 */
function everyCycleMeetsOneOf({ dependencies }: Graph, components: Components): readonly number[] {
  const level = levels(dependencies, components);
  const tails = new Set<number>();
  const heads = new Set<number>();
  for (let node = 0; node < level.length; node++) {
    if (components.of[node] === -1) continue;
    for (let e = dependencies.start[node]!; e < dependencies.start[node + 1]!; e++) {
      const dependency = dependencies.target[e]!;
      if (components.of[dependency] !== components.of[node] || level[dependency]! > level[node]!) continue;
      tails.add(node);
      heads.add(dependency);
    }
  }
  return [...(tails.size < heads.size ? tails : heads)].sort((a, b) => a - b);
}

/** How many steps each node is from the first one of its component in plan order. */
function levels({ start, target }: Links, { of }: Components): Int32Array {
  const level = new Int32Array(of.length).fill(-1);
  const queue = new Int32Array(of.length);
  for (let root = 0; root < of.length; root++) {
    if (of[root] === -1 || level[root] !== -1) continue;
    level[root] = 0;
    queue[0] = root;
    for (let at = 0, end = 1; at < end; at++) {
      const node = queue[at]!;
      for (let e = start[node]!; e < start[node + 1]!; e++) {
        const dependency = target[e]!;
        if (of[dependency] !== of[node] || level[dependency] !== -1) continue;
        level[dependency] = level[node]! + 1;
        queue[end++] = dependency;
      }
    }
  }
  return level;
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
