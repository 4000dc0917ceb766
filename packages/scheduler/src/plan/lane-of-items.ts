import type { PlanItem } from "./plan-item.ts";

/** A lane in the making. */
export interface Lane {
  /** Numbers of its items, in order. */
  readonly items: readonly number[];
  /** The lane before it in a chain that one group was cut into. */
  readonly after?: Lane | undefined;
}

export function filesOf(lane: Lane, items: readonly PlanItem[]): readonly string[] {
  return [...new Set(lane.items.flatMap((item) => items[item]!.files))].sort();
}

export function urgency(lane: Lane, items: readonly PlanItem[]): number {
  return lane.items.reduce((least, item) => Math.min(least, items[item]!.priority), Number.POSITIVE_INFINITY);
}
