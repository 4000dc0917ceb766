import { assertNever } from "@orchard/kernel";
import { findDefinition, findRecord, type Spec, type TaskDefinition } from "../domain/spec.ts";
import { isDone, type TaskRecord } from "../domain/task.ts";

/** The seed's words for a task (seed 001), `failed`, `changes_requested` and `cancelled` beside them. */
export type TaskStatus =
  | "available"
  | "blocked"
  | "in_progress"
  | "completed"
  | "failed"
  | "changes_requested"
  | "cancelled";

/** Something that a task waits for. */
export type TaskBlocker =
  | {
      readonly kind: "task";
      readonly on: string;
      /** `unlanded`: it is done, and counts only once the base contains it. `lost`: its commit is gone. */
      readonly status: TaskStatus | "unlanded" | "lost" | "unknown";
      readonly inferred: boolean;
    }
  | { readonly kind: "layer"; readonly layer: number }
  /** The file that defines it is gone. */
  | { readonly kind: "file"; readonly path: string };

/** A spec is a value and never changes, so what was once worked out of it stays true. */
const STATUSES = new WeakMap<Spec, Map<string, TaskStatus>>();
const KNOWN = new WeakMap<Spec, (task: TaskDefinition) => TaskStatus>();

/** How a task stands: what is on record; of an open one whether it waits; without a record its box counts too. */
export function taskStatus(spec: Spec, definition: TaskDefinition): TaskStatus {
  const knownOf = KNOWN.get(spec);
  if (knownOf !== undefined) return knownOf(definition);
  let known = STATUSES.get(spec);
  if (known === undefined) {
    known = new Map();
    STATUSES.set(spec, known);
  }
  const status = known.get(definition.id) ?? statusOf(spec, definition);
  known.set(definition.id, status);
  return status;
}

/** The statuses of all tasks of `spec`, worked out before: by whoever wrote the view that `spec` was read from. */
export function knowStatuses(spec: Spec, statusOf: (task: TaskDefinition) => TaskStatus): void {
  KNOWN.set(spec, statusOf);
}

function statusOf(spec: Spec, definition: TaskDefinition): TaskStatus {
  const record = findRecord(spec, definition.id);
  switch (record?.state) {
    case undefined:
      return definition.ticked ? "completed" : openStatus(spec, definition);
    case "open":
      return openStatus(spec, definition);
    case "in_progress":
    case "completed":
    case "failed":
    case "cancelled":
    case "changes_requested":
      return record.state;
    default:
      return assertNever(record as never);
  }
}

/** What `definition` waits for: unmet dependencies in the file's order, then a layer where layers are hard; the file, where it is gone. */
export function blockersOf(spec: Spec, definition: TaskDefinition): readonly TaskBlocker[] {
  if (spec.goneSince !== undefined) return [{ kind: "file", path: spec.definition.path }];
  const inferred = definition.inferred === undefined ? undefined : new Set(definition.inferred);
  const blockers: TaskBlocker[] = [];
  for (const on of definition.dependsOn) {
    const why = whyUnmet(spec, on);
    if (why !== undefined) blockers.push({ kind: "task", on, status: why, inferred: inferred?.has(on) === true });
  }
  const layer = spec.definition.rules.layers === "hard" ? unfinishedLayerBelow(spec, definition) : undefined;
  return layer === undefined ? blockers : [...blockers, { kind: "layer", layer }];
}

/** Its work counts for those that depend on it, by the rules of the spec. */
export function isSatisfied(spec: Spec, id: string): boolean {
  return whyUnmet(spec, id) === undefined;
}

function openStatus(spec: Spec, definition: TaskDefinition): TaskStatus {
  return blockersOf(spec, definition).length === 0 ? "available" : "blocked";
}

function whyUnmet(spec: Spec, id: string): Extract<TaskBlocker, { kind: "task" }>["status"] | undefined {
  const record = findRecord(spec, id);
  const definition = findDefinition(spec, id);
  if (record === undefined || record.state === "open") {
    if (definition === undefined) return "unknown";
    // An unmet dependency is shown as it stands itself; one look ahead, so a circle ends here.
    if (record === undefined && definition.ticked) return undefined;
    return definition.dependsOn.every((on) => countsFor(spec, on)) ? "available" : "blocked";
  }
  if (record.state !== "completed") return record.state;
  if (!isDone(record)) return "lost";
  return countsFor(spec, id) ? undefined : "unlanded";
}

function countsFor(spec: Spec, id: string): boolean {
  const record = findRecord(spec, id);
  if (record === undefined) return findDefinition(spec, id)?.ticked === true;
  return isDone(record) && (spec.definition.rules.completeOn === "work" || hasLanded(record));
}

function hasLanded({ pr, work }: TaskRecord): boolean {
  return work?.landed !== undefined || work?.noCode !== undefined || pr?.status === "merged";
}

const GATES = new WeakMap<Spec, { readonly layer: number | undefined }>();

/** Hard layers (seed option B): the next one opens when the one before is whole and in the base. */
function unfinishedLayerBelow(spec: Spec, { layer }: TaskDefinition): number | undefined {
  if (layer === undefined) return undefined;
  const gate = GATES.get(spec) ?? { layer: lowestUnfinished(spec) };
  GATES.set(spec, gate);
  return gate.layer !== undefined && gate.layer < layer ? gate.layer : undefined;
}

function lowestUnfinished(spec: Spec): number | undefined {
  let lowest: number | undefined;
  for (const task of spec.definition.tasks) {
    if (task.layer === undefined || (lowest !== undefined && task.layer >= lowest)) continue;
    const record = findRecord(spec, task.id);
    const open =
      record === undefined ? !task.ticked : record.state !== "cancelled" && !(isDone(record) && hasLanded(record));
    if (open) lowest = task.layer;
  }
  return lowest;
}
