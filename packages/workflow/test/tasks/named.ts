import type { TaskName } from "@orchard/tracker-core";

export const SPEC = "001-orbit";
export const TASK_FILE = `specs/${SPEC}/agent-tasks/layered-tasks.md`;

export function named(task: string): TaskName {
  return { spec: SPEC, task };
}
