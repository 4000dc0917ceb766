import { blockersOf, type Spec, type TaskDefinition } from "@orchard/tracker-core";

/** What a task waits for, by name: the ids of tasks, and `layer 3` for a layer. */
export type WaitsOf = (task: TaskDefinition) => readonly string[];

const KNOWN = new WeakMap<Spec, WaitsOf>();

export function waitsOf(spec: Spec, task: TaskDefinition): readonly string[] {
  const known = KNOWN.get(spec);
  if (known !== undefined) return known(task);
  return blockersOf(spec, task).map((blocker) => (blocker.kind === "task" ? blocker.on : `layer ${blocker.layer}`));
}

/** What {@link waitsOf} says of `spec`, worked out before. */
export function knowWaits(spec: Spec, of: WaitsOf): void {
  KNOWN.set(spec, of);
}
