import type { LaneId } from "@orchard/kernel";

/** The lanes that a command is about: one, or some. */
export type Only = LaneId | ReadonlySet<LaneId>;

/** Whether the command is about the lane; one that names none is about all. */
export function isWanted(only: Only | undefined, id: LaneId): boolean {
  return only === undefined || (typeof only === "string" ? id === only : only.has(id));
}
