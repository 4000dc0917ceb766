import { componentsOf } from "./components.ts";
import { type Graph, requireIndex } from "./graph.ts";
import { type ObservedStates, observed, type States, stateAt } from "./observe.ts";
import { isReady } from "./ready-set.ts";
import { whoseTurn } from "./whose-turn.ts";

/**
 * What a blocker does: `running`, `ready` (may start itself) · `waiting` (waits itself; what for is listed too) ·
 * `failed`, `held` (nothing goes on until somebody acts) · `cycle` (waits for itself) · `unknown` (no such node) ·
 * `turn` (no dependency: it goes first because one of the two never runs beside another node).
 */
export type BlockReason = "running" | "ready" | "waiting" | "failed" | "held" | "cycle" | "unknown" | "turn";

/** One reason why a node does not start. */
export interface Blocker {
  /** The node that is in the way. */
  readonly on: string;
  readonly reason: BlockReason;
  /** From the asked node's own dependency to `on`: one id = a direct blocker. Empty when the node is its own. */
  readonly chain: readonly string[];
}

/** Nobody reads more; a plan of 100,000 nodes can have as many causes, each with a long chain. */
const MOST_BLOCKERS = 1_000;

/**
 * Why `id` does not start: its own unfinished dependencies in the order they were written, then the root causes
 * behind them, nearest first, each with a shortest chain to it (at most 1,000 blockers in all). A direct dependency
 * that is itself `waiting` is the only blocker that is no root cause. Empty when the node runs, is done, or may
 * start as soon as there is a slot. Throws `UNKNOWN_NODE`.
 */
export function whyNot(graph: Graph, id: string, states: States): readonly Blocker[] {
  const node = requireIndex(graph, id);
  const now = observed(graph, states);
  const state = stateAt(now, node);
  if (state === "running" || state === "done") return [];
  if (state !== "waiting") return [{ on: id, reason: state, chain: [] }];
  return isReady(graph, now, node) ? turnBlockers(graph, now, node) : dependencyBlockers(graph, now, node);
}

function turnBlockers(graph: Graph, now: ObservedStates, node: number): readonly Blocker[] {
  const { may, first } = whoseTurn(graph, now);
  if (may.includes(node)) return [];
  return first.slice(0, MOST_BLOCKERS).map((other) => {
    const on = graph.ids[other]!;
    return { on, reason: "turn", chain: [on] };
  });
}

function dependencyBlockers(graph: Graph, now: ObservedStates, asked: number): readonly Blocker[] {
  const { nodes, from } = unfinishedBehind(graph, now, asked);
  const unknown = Map.groupBy(graph.unknown, ({ id }) => id);
  const inCycle = cycleMembers(graph, now, nodes);
  const blockers: Blocker[] = [];
  for (const node of nodes) {
    if (blockers.length >= MOST_BLOCKERS) break;
    const on = graph.ids[node]!;
    const reason = reasonOf(graph, now, node, inCycle(node));
    const missing = stateAt(now, node) === "waiting" ? (unknown.get(on) ?? []) : [];
    const isQuestion = node === asked && reason !== "cycle";
    const isBetween = reason === "waiting" && from.get(node) !== asked;
    if ((isQuestion || isBetween) && missing.length === 0) continue;
    const chain = chainTo(graph, from, node, asked);
    if (!isQuestion && !isBetween) blockers.push({ on, reason, chain });
    for (const { dependsOn } of missing)
      blockers.push({ on: dependsOn, reason: "unknown", chain: [...chain, dependsOn] });
  }
  return blockers.sort((a, b) => a.chain.length - b.chain.length).slice(0, MOST_BLOCKERS);
}

function reasonOf(graph: Graph, now: ObservedStates, node: number, inCycle: boolean): BlockReason {
  const state = stateAt(now, node);
  if (state === "running" || state === "failed" || state === "held") return state;
  if (inCycle) return "cycle";
  return isReady(graph, now, node) ? "ready" : "waiting";
}

/** Breadth first from `asked` through nodes that wait; what runs, failed or is held is an end. */
function unfinishedBehind(graph: Graph, now: ObservedStates, asked: number) {
  const from = new Map<number, number>([[asked, asked]]);
  const nodes = [asked];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at]!;
    if (stateAt(now, node) !== "waiting") continue;
    for (let e = graph.dependencies.start[node]!; e < graph.dependencies.start[node + 1]!; e++) {
      const dependency = graph.dependencies.target[e]!;
      if (from.has(dependency) || stateAt(now, dependency) === "done") continue;
      from.set(dependency, node);
      nodes.push(dependency);
    }
  }
  return { nodes, from };
}

function chainTo(graph: Graph, from: ReadonlyMap<number, number>, node: number, asked: number): string[] {
  const chain: string[] = [];
  for (let at = node; at !== asked; at = from.get(at)!) chain.push(graph.ids[at]!);
  return chain.reverse();
}

function cycleMembers(graph: Graph, now: ObservedStates, nodes: readonly number[]): (node: number) => boolean {
  if (graph.order.length === graph.ids.length) return () => false;
  const part = new Uint8Array(graph.ids.length);
  for (const node of nodes) if (stateAt(now, node) === "waiting") part[node] = 1;
  const { of, size } = componentsOf(graph, part);
  return (node) => part[node] === 1 && (size[of[node]!]! > 1 || dependsOnItself(graph, node));
}

function dependsOnItself({ dependencies }: Graph, node: number): boolean {
  return dependencies.target.subarray(dependencies.start[node]!, dependencies.start[node + 1]!).includes(node);
}
