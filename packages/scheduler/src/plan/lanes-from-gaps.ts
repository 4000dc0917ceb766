import { canonicalJson } from "@orchard/kernel";
import { componentsOf } from "../components.ts";
import { buildGraph, type Graph } from "../graph.ts";
import { cutInLanes } from "./cut-in-lanes.ts";
import { groupItems } from "./group-items.ts";
import { laneNames } from "./lane-names.ts";
import { filesOf, urgency } from "./lane-of-items.ts";
import { naturalOrder } from "./natural-order.ts";
import { orderItems } from "./order-items.ts";
import { type OrderedLane, orderLanes } from "./order-lanes.ts";
import { cyclesIn, unknownIn } from "./plan-findings.ts";
import type { KeptLane, LanePlan, PlanItem, PlannedLane } from "./plan-item.ts";
import { ownersOf, whoTouches } from "./shared-paths.ts";

/** What is there already, and how large a lane may become. */
export interface PlanOptions {
  /** Lanes that stay as they are; a planned one that touches the same file goes after them. */
  readonly kept?: readonly KeptLane[];
  /** Names that no planned lane may have; those of `kept` need not be among them. */
  readonly taken?: Iterable<string>;
  /** A lane is not filled up beyond so many tasks, and one that must have more becomes a chain of lanes. Default 10. */
  readonly tasksPerLane?: number;
}

/**
 * Puts every item in exactly one lane, so that side by side nothing touches the same file: items that share a file are in
 * one lane or in lanes that go one after the other. There is no cycle among lanes, whatever is given; the order of what is
 * given does not matter. Bad items are values of the result; nothing here throws.
 */
export function lanesFromGaps(given: readonly PlanItem[], options: PlanOptions = {}): LanePlan {
  const { items, duplicates } = distinctItems(given);
  const graph = graphOf(items);
  const most = options.tasksPerLane ?? 10;
  const units = componentsOf(graph, new Uint8Array(items.length).fill(1)).of;
  const order = orderItems(items, graph, units);
  const lanes = cutInLanes({ items, order, units, most, groupOf: groupItems(graph, items, most) });
  const ordered = orderLanes(lanes, graph, items);
  const kept = options.kept ?? [];
  const names = laneNames(
    ordered.map(({ items: [first] }) => items[first!]!.id),
    [...kept.map(({ id }) => id), ...(options.taken ?? [])],
  );
  return {
    lanes: ordered.map((lane, i) => named(lane, { name: names[i]!, names, items })).map(afterKept(kept)),
    cycles: cyclesIn(graph, units),
    unknown: unknownIn(items, graph),
    duplicates,
  };
}

function named(
  lane: OrderedLane,
  {
    name,
    names,
    items,
  }: { readonly name: string; readonly names: readonly string[]; readonly items: readonly PlanItem[] },
): PlannedLane {
  const { of } = items[lane.items[0]!]!;
  return {
    id: name,
    items: lane.items.map((item) => items[item]!.id),
    files: filesOf(lane, items),
    dependsOn: lane.before.map((other) => names[other]!),
    priority: urgency(lane, items),
    ...(of === undefined ? {} : { of }),
  };
}

function afterKept(kept: readonly KeptLane[]): (lane: PlannedLane) => PlannedLane {
  const touching = whoTouches(ownersOf(kept.map(({ files }) => files)));
  return (lane) => {
    const before = [...touching(lane.files)].sort((a, b) => a - b).map((number) => kept[number]!.id);
    return before.length === 0 ? lane : { ...lane, dependsOn: [...before, ...lane.dependsOn] };
  };
}

function distinctItems(given: readonly PlanItem[]) {
  const sameId = [...Map.groupBy(given, ({ id }) => id).values()];
  const items = sameId.map((same) => (same.length === 1 ? same[0]! : smallest(same)));
  const duplicates = sameId.filter(({ length }) => length > 1).map(([first]) => first!.id);
  return {
    items: items.sort((a, b) => naturalOrder(a.id, b.id)),
    duplicates: duplicates.sort(naturalOrder),
  };
}

function smallest(items: readonly PlanItem[]): PlanItem {
  return items.toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1))[0]!;
}

function graphOf(items: readonly PlanItem[]): Graph {
  const ofWhat = new Map(items.map(({ id, of }) => [id, of]));
  return buildGraph(
    items.map(({ id, of, priority, dependsOn }) => ({
      id,
      dependsOn: dependsOn.filter((other) => ofWhat.has(other) && ofWhat.get(other) === of).sort(naturalOrder),
      priority,
      parallel: true,
      weight: 1,
    })),
  );
}
