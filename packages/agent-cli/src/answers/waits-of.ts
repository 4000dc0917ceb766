import { blockersOf, type Spec, type TaskDefinition } from "@orchard/tracker-core";

/** What a task waits for, by name: the ids of tasks, `layer 3` for a layer, and `file` where its file is gone. */
export type WaitsOf = (task: TaskDefinition) => readonly string[];

const KNOWN = new WeakMap<Spec, WaitsOf>();

export function waitsOf(spec: Spec, task: TaskDefinition): readonly string[] {
  const known = KNOWN.get(spec);
  if (known !== undefined) return known(task);
  return blockersOf(spec, task).map((blocker) =>
    blocker.kind === "task" ? blocker.on : blocker.kind === "layer" ? `layer ${blocker.layer}` : "file",
  );
}

/** What {@link waitsOf} says of `spec`, worked out before. */
export function knowWaits(spec: Spec, of: WaitsOf): void {
  KNOWN.set(spec, of);
}
