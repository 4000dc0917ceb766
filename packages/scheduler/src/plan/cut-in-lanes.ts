import type { Lane } from "./lane-of-items.ts";
import type { PlanItem } from "./plan-item.ts";

/** Each group is a lane; one with more than `most` tasks becomes a chain of lanes, unless lanes of its kind order themselves. */
export function cutInLanes(plan: {
  readonly items: readonly PlanItem[];
  readonly order: readonly number[];
  readonly units: Int32Array;
  readonly most: number;
  readonly groupOf: { of(item: number): number };
}): readonly Lane[] {
  const { items, order, units, most, groupOf } = plan;
  return [...Map.groupBy(order, (item) => groupOf.of(item)).values()].flatMap((members) => {
    const mayBeCut = items[members[0]!]!.of === undefined;
    const parts: number[][] = [];
    let size = 0;
    for (const unit of Map.groupBy(members, (item) => units[item]!).values()) {
      const more = unit.reduce((sum, item) => sum + items[item]!.size, 0);
      const part = parts.at(-1);
      if (part === undefined || (mayBeCut && size + more > most)) {
        parts.push([...unit]);
        size = more;
      } else {
        part.push(...unit);
        size += more;
      }
    }
    const lanes: Lane[] = [];
    for (const part of parts) lanes.push({ items: part, after: lanes.at(-1) });
    return lanes;
  });
}
