import { error, quoted } from "../findings.ts";
import type { Edge, Finding, TaskEntry } from "../task-document.ts";
import { type Adjacency, adjacencyOf, type Components, componentsOf } from "./components.ts";
import type { EdgeSet } from "./edge-set.ts";

/** The shortest cycle of every knot of tasks that wait for each other, with the lines that say so. */
export function findCycles(tasks: readonly TaskEntry[], set: EdgeSet): readonly Finding[] {
  // Whoever waits only for what stands above him is in no circle, as in most files.
  if (set.dependsOn.every((on, e) => on < set.task[e]! || on >= tasks.length)) return [];
  const graph = adjacencyOf(tasks.length, set);
  const components = componentsOf(
    graph,
    tasks.map((_, index) => index),
  );
  const search = new Search(graph, components);
  const lines = new Map<string, Edge>();
  const findings: Finding[] = [];
  for (const knot of knotsOf(graph, components)) {
    if (findings.length === MOST_FINDINGS) break;
    const cycle = search.shortest(knot);
    if (lines.size === 0) {
      for (const [e, edge] of set.edges.entries()) lines.set(`${set.task[e]} ${set.dependsOn[e]}`, edge);
    }
    findings.push(finding(cycle, tasks, lines));
  }
  return findings;
}

/** Components that are a cycle; members in file order. */
function knotsOf(graph: Adjacency, { of, count }: Components): readonly (readonly number[])[] {
  const sizes = new Int32Array(count);
  for (const component of of) sizes[component]!++;
  const knots = new Map<number, number[]>();
  for (let node = 0; node < of.length; node++) {
    const component = of[node]!;
    if (sizes[component] === 1 && !waitsForItself(graph, node)) continue;
    const knot = knots.get(component);
    if (knot === undefined) knots.set(component, [node]);
    else knot.push(node);
  }
  return [...knots.values()];
}

function waitsForItself({ start, target }: Adjacency, node: number): boolean {
  for (let e = start[node]!; e < start[node + 1]!; e++) if (target[e] === node) return true;
  return false;
}

/** Breadth-first search for the way back; its effort over all knots has a limit, past it a short cycle is named. */
class Search {
  readonly #graph: Adjacency;
  readonly #of: Int32Array;
  readonly #reachedIn: Int32Array;
  readonly #from: Int32Array;
  readonly #depth: Int32Array;
  #round = 0;
  #steps = 0;

  constructor(graph: Adjacency, { of }: Components) {
    this.#graph = graph;
    this.#of = of;
    this.#reachedIn = new Int32Array(of.length);
    this.#from = new Int32Array(of.length);
    this.#depth = new Int32Array(of.length);
  }

  shortest(knot: readonly number[]): readonly number[] {
    let best: readonly number[] | undefined;
    for (const node of knot) {
      const found = this.#through(node, best?.length ?? Number.POSITIVE_INFINITY);
      best = found ?? best;
      if (best?.length === 1 || (best !== undefined && this.#steps > MOST_STEPS)) break;
    }
    return best ?? knot;
  }

  /** The shortest cycle through `start`, when it has fewer than `below` tasks: each depends on the next. */
  #through(start: number, below: number): readonly number[] | undefined {
    const { start: first, target } = this.#graph;
    const round = ++this.#round;
    const queue = [start];
    this.#depth[start] = 1;
    for (let at = 0; at < queue.length; at++) {
      const node = queue[at]!;
      if (this.#depth[node]! >= below) return undefined;
      for (let e = first[node]!; e < first[node + 1]!; e++) {
        this.#steps++;
        const dependency = target[e]!;
        if (dependency === start) return this.#way(start, node);
        if (this.#of[dependency] !== this.#of[start] || this.#reachedIn[dependency] === round) continue;
        this.#reachedIn[dependency] = round;
        this.#from[dependency] = node;
        this.#depth[dependency] = this.#depth[node]! + 1;
        queue.push(dependency);
      }
    }
    return undefined;
  }

  #way(start: number, last: number): readonly number[] {
    const way = [last];
    for (let node = last; node !== start; way.push(node)) node = this.#from[node]!;
    return way.reverse();
  }
}

function finding(cycle: readonly number[], tasks: readonly TaskEntry[], lines: ReadonlyMap<string, Edge>): Finding {
  const first = cycle.indexOf(Math.min(...cycle.slice(0, MOST_NAMED)));
  const fromFirst = [...cycle.slice(first), ...cycle.slice(0, first)];
  const steps = fromFirst.map((task, i) => lines.get(`${task} ${fromFirst[(i + 1) % fromFirst.length]}`)!);
  const named = steps.slice(0, MOST_NAMED).map(({ task, dependsOn, position }) => {
    return `${quoted(task)} waits for ${quoted(dependsOn)} (line ${position.line})`;
  });
  const more = steps.length > MOST_NAMED ? `, and ${steps.length - MOST_NAMED} more` : "";
  const message = `These tasks wait for each other: ${named.join(", ")}${more}.`;
  return error("DEPENDENCY_CYCLE", { message, position: steps[0]!.position, task: tasks[fromFirst[0]!]!.id });
}

const MOST_FINDINGS = 20;
const MOST_NAMED = 30;
const MOST_STEPS = 4_000_000;
