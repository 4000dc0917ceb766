import { type Components, componentsOf } from "../components.ts";
import { buildGraph, type Graph } from "../graph.ts";
import { Partition } from "./partition.ts";
import type { PlanItem } from "./plan-item.ts";
import { ownersOf, sharingPairs } from "./shared-paths.ts";

/**
 * Which items belong in one lane: those that wait for each other, those that touch the same file, and whatever that makes
 * wait for each other in turn; then a chain in which nothing could run side by side; then small ones of one topic. Between
 * the groups there is no cycle.
 */
export function groupItems(graph: Graph, items: readonly PlanItem[], most: number): Partition {
  const groups = new Partition(items.length);
  joinCircles(groups, componentsOf(graph, everything(items.length)));
  joinSharing(groups, items);
  joinCircles(groups, circlesAmong(groups, graph));
  const links = linksBetween(groups, graph);
  joinChains(groups, { items, links, most });
  joinTopics(groups, { items, links, most });
  return groups;
}

function joinCircles(groups: Partition, { of, size }: Components): void {
  const first = new Int32Array(size.length).fill(-1);
  for (let item = 0; item < of.length; item++) {
    const circle = of[item]!;
    if (first[circle] === -1) first[circle] = item;
    else groups.join(first[circle]!, item);
  }
}

function joinSharing(groups: Partition, items: readonly PlanItem[]): void {
  for (const members of Map.groupBy(items.keys(), (item) => items[item]?.of).values()) {
    const owners = ownersOf(members.map((item) => items[item]!.files));
    for (const [a, b] of sharingPairs(owners)) groups.join(members[a]!, members[b]!);
  }
}

/** Items whose groups wait for each other, as components over the items. */
function circlesAmong(groups: Partition, graph: Graph): Components {
  const roots = [...groups.groups().keys()];
  const names = roots.map(String);
  const { before } = linksBetween(groups, graph);
  const quotient = buildGraph(
    roots.map((root, i) => ({
      id: names[i]!,
      dependsOn: [...(before.get(root) ?? [])].map(String),
      priority: 0,
      parallel: true,
      weight: 1,
    })),
  );
  const { of, size } = componentsOf(quotient, everything(roots.length));
  const numbers = new Map(roots.map((root, i) => [root, of[i]!]));
  return { of: Int32Array.from(graph.ids, (_, item) => numbers.get(groups.of(item))!), size };
}

interface Links {
  /** The groups that a group waits for, and those that wait for it; groups by their first member. */
  readonly before: ReadonlyMap<number, ReadonlySet<number>>;
  readonly after: ReadonlyMap<number, ReadonlySet<number>>;
}

function linksBetween(groups: Partition, { dependencies: { start, target } }: Graph): Links {
  const before = new Map<number, Set<number>>();
  const after = new Map<number, Set<number>>();
  for (let item = 0; item + 1 < start.length; item++) {
    const own = groups.of(item);
    for (let e = start[item]!; e < start[item + 1]!; e++) {
      const other = groups.of(target[e]!);
      if (other === own) continue;
      before.set(own, (before.get(own) ?? new Set()).add(other));
      after.set(other, (after.get(other) ?? new Set()).add(own));
    }
  }
  return { before, after };
}

interface Grouping {
  readonly items: readonly PlanItem[];
  readonly links: Links;
  readonly most: number;
}

/** What waits for one group alone, which nothing else waits for, goes on in its lane. */
function joinChains(groups: Partition, { items, links: { before, after }, most }: Grouping): void {
  const sizes = groupSizes(groups, items);
  for (const first of groups.groups().keys()) {
    if (before.get(first)?.size === 1 && after.get([...before.get(first)!][0]!)?.size === 1) continue;
    let size = sizes.get(first)!;
    for (let at = first, next = onlyNext(at); next !== undefined; at = next, next = onlyNext(at)) {
      const more = sizes.get(next)!;
      const fits = items[first]!.of !== undefined || size + more <= most;
      if (fits) groups.join(at, next);
      size = fits ? size + more : more;
    }
  }

  function onlyNext(group: number): number | undefined {
    const [next, ...others] = after.get(group) ?? [];
    return next !== undefined && others.length === 0 && before.get(next)?.size === 1 ? next : undefined;
  }
}

/** Groups that nothing orders, of one topic and equally urgent, share a lane as long as it stays small. */
function joinTopics(groups: Partition, { items, links: { before, after }, most }: Grouping): void {
  const sizes = groupSizes(groups, items);
  const open = new Map<string, { readonly first: number; size: number }>();
  for (const [first, members] of groups.groups()) {
    const isOrdered = members.some((item) => before.has(item) || after.has(item));
    const key = isOrdered ? undefined : topicOf(members.map((item) => items[item]!));
    if (key === undefined) continue;
    const size = sizes.get(first)!;
    const lane = open.get(key);
    if (lane === undefined || lane.size + size > most) open.set(key, { first, size });
    else {
      groups.join(lane.first, first);
      lane.size += size;
    }
  }
}

function topicOf(members: readonly PlanItem[]): string | undefined {
  const [{ topic, of }] = members as readonly [PlanItem, ...PlanItem[]];
  if (topic === undefined || of !== undefined || members.some((item) => item.topic !== topic)) return undefined;
  return `${Math.min(...members.map(({ priority }) => priority))} ${topic}`;
}

function groupSizes(groups: Partition, items: readonly PlanItem[]): ReadonlyMap<number, number> {
  const sizes = new Map<number, number>();
  for (const [first, members] of groups.groups()) {
    sizes.set(
      first,
      members.reduce((sum, item) => sum + items[item]!.size, 0),
    );
  }
  return sizes;
}

function everything(size: number): Uint8Array {
  return new Uint8Array(size).fill(1);
}
