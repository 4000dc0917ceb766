import { join } from "node:path";
import { type JsonObject, whyNotAnId } from "@orchard/kernel";
import { type Progress, SPEC_STREAM, type Spec } from "@orchard/tracker-core";
import type { Place } from "@orchard/workflow";
import { progressPath, TASK_FILE } from "@orchard/workflow/tasks";
import { namesIn } from "./read-text.ts";
import { isCurrent, readView, type ViewRead } from "./read-view.ts";
import { sealOf } from "./seal.ts";
import { specFromView } from "./spec-from-view.ts";
import { type WaitingSettings, waitingSettings } from "./waiting-settings.ts";

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
export async function currentProgress(place: Place): Promise<SeenProgress | undefined> {
  const settings = waitingSettings(place);
  if (settings === undefined) return undefined;
  const names = namesIn(join(place.mainRoot, "specs")).filter((name) => whyNotAnId(name, "any case") === undefined);
  const specs: Record<string, Spec> = {};
  const outOfStep = new Map<string, readonly JsonObject[]>();
  const known = new Set<string>();
  let updatedAt = "";
  for (const name of names.sort()) {
    const path = definitionOf(place, name);
    if (path === "none") continue;
    const view = path === "unclear" ? undefined : await viewBeside(place, { name, path }, settings);
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

/** Path of the file that defines a spec; `unclear`: two do, or there is only progress of one that was there before. */
function definitionOf({ mainRoot }: Place, name: string): string | "none" | "unclear" {
  const folders = [`specs/${name}/agent-tasks`, `specs/${name}`];
  const names = folders.map((folder) => namesIn(join(mainRoot, folder)));
  const paths = folders.filter((_, at) => names[at]?.includes(TASK_FILE)).map((folder) => `${folder}/${TASK_FILE}`);
  if (paths.length === 1) return paths[0] ?? "unclear";
  return paths.length === 0 && !names.flat().includes(".progress.json") ? "none" : "unclear";
}

/** The view, if it is whole and was made of the task file as it is now. */
async function viewBeside(
  { mainRoot, stateDir }: Place,
  { name, path }: { readonly name: string; readonly path: string },
  settings: WaitingSettings,
): Promise<ViewContent | undefined> {
  const [definition, view] = [join(mainRoot, path), join(mainRoot, progressPath(path))];
  const seal = sealOf(stateDir, name, { files: [view, definition], settings });
  const read = seal === undefined ? undefined : readView(view);
  if (seal === undefined || read === undefined) return undefined;
  if (!isCurrent(join(stateDir, "journal"), read.header, [SPEC_STREAM])) return undefined;
  if (seal.holds) return read.content;
  const { isAsWritten, isDefinedBy } = await import("./check-whole.ts");
  if (!isAsWritten(read.body, read.header.checksum)) return undefined;
  const { hash } = read.content["definition"] as { readonly hash: string };
  const rules = read.content["rules"] as Spec["definition"]["rules"];
  if (rules.layers !== settings.layers || rules.completeOn !== settings.completeOn) return undefined;
  if (!isDefinedBy(definition, { rules, hash, inferred: settings.inferred })) return undefined;
  seal.keep();
  return read.content;
}

type ViewContent = ViewRead["content"];

function flagsIn(view: ViewContent): Readonly<Record<string, readonly JsonObject[]>> {
  const worktrees = (view["worktrees"] ?? {}) as Record<string, { readonly out_of_step: readonly JsonObject[] }>;
  return Object.fromEntries(Object.entries(worktrees).map(([id, { out_of_step }]) => [id, out_of_step]));
}
