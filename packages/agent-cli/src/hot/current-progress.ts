import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isSystemError, type JsonObject, whyNotAnId } from "@orchard/kernel";
import { type Progress, SPEC_STREAM, type Spec } from "@orchard/tracker-core";
import type { Place } from "@orchard/workflow";
import { definitionHash, progressPath, TASK_FILE } from "@orchard/workflow/tasks";
import { readCurrentView, type ViewContent } from "./read-view.ts";
import { specFromView } from "./spec-from-view.ts";

/** Progress as the views beside the task files show it. */
export interface SeenProgress {
  readonly progress: Progress;
  /** By the worktree's id: what in it is out of step. */
  readonly outOfStep: ReadonlyMap<string, readonly JsonObject[]>;
}

/**
 * The progress of all specs, read from their views alone; `undefined` unless each of them is certain to be what the
 * journal and the task files say now.
 */
export function currentProgress(place: Place): SeenProgress | undefined {
  if (!hasPlainSettings(place)) return undefined;
  const names = namesIn(join(place.mainRoot, "specs")).filter((name) => whyNotAnId(name, "any case") === undefined);
  const specs: Record<string, Spec> = {};
  const outOfStep = new Map<string, readonly JsonObject[]>();
  const known = new Set<string>();
  let updatedAt = "";
  for (const name of names.sort()) {
    const path = definitionOf(place, name);
    if (path === "none") continue;
    const view = path === "unclear" ? undefined : viewBeside(place, path);
    const spec = view === undefined ? undefined : specFromView(view);
    if (view === undefined || spec?.name !== name || spec.definition.path !== path) return undefined;
    specs[name] = spec;
    known.add(String(view["specs"]));
    updatedAt = String(view["last_updated"]);
    for (const [id, flags] of Object.entries(flagsIn(view))) outOfStep.set(id, flags);
  }
  // Each view says which specs there are: none is missing, and at least one was read.
  if (known.size !== 1 || [...known][0]?.split(",").sort().join() !== Object.keys(specs).join()) return undefined;
  return { progress: { updatedAt, specs, worktrees: {}, tips: {} }, outOfStep };
}

/** No settings, or those that were accepted: what they say about waiting is in the hash of each definition. */
function hasPlainSettings({ mainRoot }: Place): boolean {
  return (textOf(join(mainRoot, "orch.config.jsonc")) ?? "").trim() === "";
}

/** Path of the file that defines a spec; `unclear`: two do, or there is only progress of one that was there before. */
function definitionOf({ mainRoot }: Place, name: string): string | "none" | "unclear" {
  const folders = [`specs/${name}/agent-tasks`, `specs/${name}`];
  const names = folders.map((folder) => namesIn(join(mainRoot, folder)));
  const paths = folders.filter((_, at) => names[at]?.includes(TASK_FILE)).map((folder) => `${folder}/${TASK_FILE}`);
  if (paths.length === 1) return paths[0] ?? "unclear";
  return paths.length === 0 && !names.flat().includes(".progress.json") ? "none" : "unclear";
}

/** The view, if it was made of the file as it is now. */
function viewBeside(place: Place, path: string): ViewContent | undefined {
  const view = readCurrentView(join(place.stateDir, "journal"), join(place.mainRoot, progressPath(path)), [
    SPEC_STREAM,
  ]);
  if (view === undefined) return undefined;
  const { hash } = view["definition"] as { readonly hash: string };
  const rules = view["rules"] as Spec["definition"]["rules"];
  const bytes = readFileSync(join(place.mainRoot, path));
  return definitionHash(bytes, rules, undefined) === hash ? view : undefined;
}

function flagsIn(view: ViewContent): Readonly<Record<string, readonly JsonObject[]>> {
  const worktrees = (view["worktrees"] ?? {}) as Record<string, { readonly out_of_step: readonly JsonObject[] }>;
  return Object.fromEntries(Object.entries(worktrees).map(([id, { out_of_step }]) => [id, out_of_step]));
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR")) return undefined;
    throw error;
  }
}
