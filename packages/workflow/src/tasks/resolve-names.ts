import { parseTaskId } from "@orchard/kernel";
import {
  findDefinition,
  findRecord,
  type Progress,
  type TaskName,
  unknownSpec,
  unknownTask,
} from "@orchard/tracker-core";
import { ambiguousSpec, ambiguousTask, noSpecs } from "./errors.ts";

/** The spec that `given` names: its folder's name, or the number in front of it (`001` names `001-login`). */
export function resolveSpec(progress: Progress, given: string): string {
  const names = Object.keys(progress.specs);
  if (names.includes(given)) return given;
  const matches = names.filter((name) => name.startsWith(`${given}-`));
  if (matches.length > 1) throw ambiguousSpec(given, matches);
  if (matches[0] === undefined) throw unknownSpec(given, names);
  return matches[0];
}

/** Names of the specs that are meant when none is said: those whose file is gone only while there is no other. */
export function specsAtHand({ specs }: Progress): readonly string[] {
  const names = Object.keys(specs);
  const there = names.filter((name) => specs[name]?.goneSince === undefined);
  return there.length === 0 ? names : there;
}

/** The spec meant when none was said: `ORBIT_SPEC`, else the only one. Throws `AMBIGUOUS_SPEC` when there are several. */
export function defaultSpec(progress: Progress, environment: NodeJS.ProcessEnv): string {
  const preset = environment["ORBIT_SPEC"];
  if (preset !== undefined && preset !== "") return resolveSpec(progress, preset);
  const names = specsAtHand(progress);
  if (names.length > 1) throw ambiguousSpec(undefined, names);
  if (names[0] === undefined) throw noSpecs();
  return names[0];
}

/**
 * The task that `text` names: `T031`, or `001/T031` with its spec. A bare id belongs to `ORBIT_SPEC`, else to the only
 * spec that has it. Throws `BAD_ID`, `UNKNOWN_SPEC`, `UNKNOWN_TASK`, `AMBIGUOUS_TASK`.
 */
export function resolveTask(progress: Progress, text: string, environment: NodeJS.ProcessEnv): TaskName {
  const at = text.search(/[/:]/);
  if (at >= 0) return taskIn(progress, resolveSpec(progress, text.slice(0, at)), text.slice(at + 1));
  const task = parseTaskId(text);
  const preset = environment["ORBIT_SPEC"];
  if (preset !== undefined && preset !== "") return taskIn(progress, resolveSpec(progress, preset), task);
  const all = Object.keys(progress.specs).filter((name) => hasTask(progress, name, task));
  const atHand = all.filter((name) => progress.specs[name]?.goneSince === undefined);
  const specs = atHand.length === 0 ? all : atHand;
  if (specs.length > 1) throw ambiguousTask(task, specs);
  if (specs[0] === undefined) {
    if (Object.keys(progress.specs).length === 0) throw noSpecs();
    const only = defaultOf(progress);
    throw unknownTask(task, only, progress.specs[only]?.definition.path ?? "");
  }
  return { spec: specs[0], task };
}

function taskIn(progress: Progress, spec: string, text: string): TaskName {
  const task = parseTaskId(text);
  if (!hasTask(progress, spec, task)) throw unknownTask(task, spec, progress.specs[spec]?.definition.path ?? "");
  return { spec, task };
}

function hasTask(progress: Progress, name: string, task: string): boolean {
  const spec = progress.specs[name];
  return spec !== undefined && (findDefinition(spec, task) !== undefined || findRecord(spec, task) !== undefined);
}

function defaultOf(progress: Progress): string {
  return Object.keys(progress.specs)[0] ?? "";
}
