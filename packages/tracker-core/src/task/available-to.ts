import type { Spec, TaskDefinition } from "../domain/spec.ts";
import { findRecord } from "../domain/spec.ts";
import { blockersOf, taskStatus } from "./task-status.ts";

/**
 * The tasks that `agent` may start: its own first, then those that the file leaves to anybody, each in the file's order;
 * with `any` those of others too; with `among` no others than these. Rejected work is to be done again by whoever did it.
 */
export function availableTo(
  spec: Spec,
  agent: string | undefined,
  { any = false, among = spec.definition.tasks }: AvailableOptions = {},
): readonly TaskDefinition[] {
  const own: TaskDefinition[] = [];
  const free: TaskDefinition[] = [];
  const rest: TaskDefinition[] = [];
  for (const task of among) {
    const wished = wishedOf(spec, task);
    const list = wished === undefined ? free : wished === agent ? own : rest;
    // Whether it can be started costs more to know than whose it is.
    if ((list !== rest || any || agent === undefined) && isStartable(spec, task)) list.push(task);
  }
  return [...own, ...free, ...rest];
}

interface AvailableOptions {
  readonly any?: boolean;
  /** Tasks of the spec. */
  readonly among?: readonly TaskDefinition[];
}

function isStartable(spec: Spec, task: TaskDefinition): boolean {
  const status = taskStatus(spec, task);
  return status === "available" || (status === "changes_requested" && blockersOf(spec, task).length === 0);
}

function wishedOf(spec: Spec, task: TaskDefinition): string | undefined {
  const record = findRecord(spec, task.id);
  return record?.state === "changes_requested" ? record.work?.agent : task.agent;
}
