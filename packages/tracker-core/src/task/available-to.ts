import type { Spec, TaskDefinition } from "../domain/spec.ts";
import { findRecord } from "../domain/spec.ts";
import { blockersOf, taskStatus } from "./task-status.ts";

/**
 * The tasks that `agent` may start: its own first, then those that the file leaves to anybody, each in the file's order;
 * with `any` those of others too. Rejected work is to be done again by whoever did it.
 */
export function availableTo(spec: Spec, agent: string | undefined, { any = false } = {}): readonly TaskDefinition[] {
  const open = spec.definition.tasks.filter((task) => isStartable(spec, task));
  const own = open.filter((task) => agent !== undefined && wishedOf(spec, task) === agent);
  const free = open.filter((task) => wishedOf(spec, task) === undefined);
  const listed = new Set([...own, ...free]);
  const rest = any || agent === undefined ? open.filter((task) => !listed.has(task)) : [];
  return [...own, ...free, ...rest];
}

function isStartable(spec: Spec, task: TaskDefinition): boolean {
  const status = taskStatus(spec, task);
  return status === "available" || (status === "changes_requested" && blockersOf(spec, task).length === 0);
}

function wishedOf(spec: Spec, task: TaskDefinition): string | undefined {
  const record = findRecord(spec, task.id);
  return record?.state === "changes_requested" ? record.work?.agent : task.agent;
}
