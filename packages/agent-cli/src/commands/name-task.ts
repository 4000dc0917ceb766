import type { TaskName } from "@orchard/tracker-core";
import { refreshSpecs, resolveTask, type TaskDesk } from "@orchard/workflow/tasks";
import type { Given } from "../shape/command-shape.ts";
import type { Surroundings } from "../surroundings.ts";

/** Who acts, and on which task. What the task files say now is recorded first. */
export async function nameTask(
  around: Surroundings,
  given: Given,
): Promise<{ readonly desk: TaskDesk; readonly name: TaskName }> {
  const { progress } = await refreshSpecs(await around.orchard());
  const name = resolveTask(progress, given.arguments["task"] ?? "", around.environment);
  return { desk: await around.desk(), name };
}
