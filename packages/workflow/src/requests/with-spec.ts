import type { LaneDefinition, Progress, TaskName } from "@orchard/tracker-core";
import { invalidInput } from "../errors.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { refreshSpecs } from "../tasks/read-specs.ts";
import { resolveSpec, resolveTask } from "../tasks/resolve-names.ts";

/**
 * The definition with its spec by its whole name and the tasks by their plain ids. Without `spec` it is a lane of spec
 * tasks when every task reads as an id and there are specs. Throws `UNKNOWN_SPEC`, `AMBIGUOUS_SPEC`, `UNKNOWN_TASK`,
 * `AMBIGUOUS_TASK`, and `INVALID_INPUT` when the tasks are of several specs.
 */
export async function withSpec(orchard: Orchard, given: LaneDefinition, source: string): Promise<LaneDefinition> {
  const { spec: wanted, tasks } = given;
  if (wanted === undefined && (tasks.length === 0 || !tasks.every(readsAsId))) return given;
  const { progress } = await refreshSpecs(orchard);
  if (wanted === undefined && Object.keys(progress.specs).length === 0) return given;
  const spec = wanted === undefined ? undefined : resolveSpec(progress, wanted);
  if (tasks.length === 0) {
    throw invalidInput(source, [{ field: "tasks", message: "a lane of a spec names at least one of its tasks" }]);
  }
  const names = tasks.map((task) => nameIn(progress, spec, task));
  const specs = [...new Set(names.map((name) => name.spec))];
  if (specs.length > 1 || (spec !== undefined && specs[0] !== spec)) {
    const message = `a lane is of one spec, and these tasks are of ${specs.join(" and ")}`;
    throw invalidInput(source, [{ field: "tasks", message }]);
  }
  return { ...given, spec: specs[0], tasks: [...new Set(names.map((name) => name.task))] };
}

/** As task files write ids, with the spec in front or without. A bare number could be anything. */
function readsAsId(text: string): boolean {
  return /^(?:[A-Za-z0-9._-]+[/:])?(?:TASK-|T-?)\d{1,9}(?:[.-]\d{1,9}){0,3}[A-Za-z]?$/.test(text);
}

function nameIn(progress: Progress, spec: string | undefined, text: string): TaskName {
  const isWhole = spec === undefined || /[/:]/.test(text);
  return resolveTask(progress, isWhole ? text : `${spec}/${text}`, {});
}
