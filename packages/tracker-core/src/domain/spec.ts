import type { IsoTime } from "@orchard/kernel";
import type { TaskRecord } from "./task.ts";

/** One task as `layered-tasks.md` defines it. */
export interface TaskDefinition {
  readonly id: string;
  readonly title: string;
  readonly layer?: number | undefined;
  /** Whom the file wants to do it, without `@`: a wish, no right. */
  readonly agent?: string | undefined;
  /** Explicit and inferred dependencies, in the file's order; ids that the file does not define are among them. */
  readonly dependsOn: readonly string[];
  /** Those of `dependsOn` that were read out of phases, stories and order. */
  readonly inferred?: readonly string[] | undefined;
  /** Its box in the file is ticked. */
  readonly ticked: boolean;
  /** From 1. */
  readonly line: number;
}

/** One layer as `layered-tasks.md` defines it. */
export interface LayerDefinition {
  readonly number: number;
  readonly title: string;
}

/** How a spec's tasks wait: the repository's settings when the definition was read. */
export interface WaitingRules {
  readonly layers: "soft" | "hard";
  /** `merge`: a completed task counts only once the base contains it. */
  readonly completeOn: "work" | "merge";
  readonly stuckAfterMs: number;
}

/** What a spec's `layered-tasks.md` said when it was last read, and by which rules its tasks wait. */
export interface SpecDefinition {
  /** Of the file, relative to the main work tree, with forward slashes. */
  readonly path: string;
  /** sha256 of its bytes and of the rules. */
  readonly hash: string;
  readonly layers: readonly LayerDefinition[];
  readonly tasks: readonly TaskDefinition[];
  readonly rules: WaitingRules;
}

/** Everything that is known of a spec: what its file says, and what happened to its tasks. */
export interface Spec {
  /** Name of its folder under `specs/`. */
  readonly name: string;
  readonly definition: SpecDefinition;
  /** Since when its file is in no checkout and not in the base: its tasks keep their state, and none is offered. */
  readonly goneSince?: IsoTime | undefined;
  /** By task id; a task that nothing happened to is not in it. Outlives the task's line in the file. */
  readonly tasks: Readonly<Record<string, TaskRecord>>;
}

/** A definition never changes, so what was once looked up stays true. */
const INDEXES = new WeakMap<SpecDefinition, Map<string, TaskDefinition>>();

/** How the file defines a task; `undefined` when it does not, or no more. */
export function findDefinition({ definition }: Spec, id: string): TaskDefinition | undefined {
  let index = INDEXES.get(definition);
  if (index === undefined) {
    index = new Map();
    for (const task of definition.tasks) index.set(task.id, task);
    INDEXES.set(definition, index);
  }
  return index.get(id);
}

/** What happened to a task; `undefined` when nothing did. */
export function findRecord(spec: Spec, id: string): TaskRecord | undefined {
  return Object.hasOwn(spec.tasks, id) ? spec.tasks[id] : undefined;
}

/** Tasks that something happened to and that the file defines no more. */
export function removedTasks(spec: Spec): readonly TaskRecord[] {
  const defined = new Set(spec.definition.tasks.map(({ id }) => id));
  return Object.values(spec.tasks).filter(({ id }) => !defined.has(id));
}
