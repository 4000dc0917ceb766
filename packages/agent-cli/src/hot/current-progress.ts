import { join } from "node:path";
import { type JsonObject, whyNotAnId } from "@orchard/kernel";
import { type Progress, SPEC_STREAM, type Spec } from "@orchard/tracker-core";
import type { Place } from "@orchard/workflow";
import { progressPath, TASK_FILE } from "@orchard/workflow/tasks";
import { type Digest, digestOfView } from "./digest-of-view.ts";
import { keptText, readKept, withSight } from "./kept-digest.ts";
import { namesIn } from "./read-text.ts";
import { isCurrent, readView } from "./read-view.ts";
import { sealOf } from "./seal.ts";
import { specOfDigest } from "./spec-of-digest.ts";
import { type WaitingSettings, waitingSettings } from "./waiting-settings.ts";

/** Progress as the views beside the task files show it. */
export interface SeenProgress {
  readonly progress: Progress;
  /** By the worktree's id: what in it is out of step. */
  readonly outOfStep: ReadonlyMap<string, readonly JsonObject[]>;
}

/**
 * The progress of all specs, read from their views alone; `undefined` unless each of them is certain to be what the
 * journal and the task files say now. With an `asker`, tasks that nobody started and others are wished for may be left
 * out.
 */
export async function currentProgress(place: Place, asker?: string): Promise<SeenProgress | undefined> {
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
    const digest = path === "unclear" ? undefined : await digestBeside(place, { name, path }, settings);
    if (digest?.spec !== name || digest.path !== path) return undefined;
    specs[name] = specOfDigest(digest, asker);
    known.add([...digest.specs].sort().join());
    updatedAt = digest.updatedAt;
    for (const [id, flags] of Object.entries(digest.outOfStep)) outOfStep.set(id, flags);
  }
  // Each view says which specs there are: none is missing, and at least one was read.
  if (known.size !== 1 || !known.has(Object.keys(specs).join())) return undefined;
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

/** What the view says, if it is whole and was made of the task file as it is now. */
async function digestBeside(
  { mainRoot, stateDir }: Place,
  { name, path }: { readonly name: string; readonly path: string },
  settings: WaitingSettings,
): Promise<Digest | undefined> {
  const [definition, view] = [join(mainRoot, path), join(mainRoot, progressPath(path))];
  const seal = sealOf(stateDir, name, { files: [view, definition], settings });
  const journal = join(stateDir, "journal");
  if (seal?.kept !== undefined) {
    const { header, digest } = readKept(seal.kept);
    return isCurrent(journal, header, [SPEC_STREAM]) ? digest : undefined;
  }
  const read = seal === undefined ? undefined : readView(view);
  if (seal === undefined || read === undefined || !isCurrent(journal, read.header, [SPEC_STREAM])) return undefined;
  const { isAsWritten, isDefinedBy } = await import("./check-whole.ts");
  const digest = isAsWritten(read.body, read.header.checksum) ? digestOfView(read.content) : undefined;
  if (digest === undefined) return undefined;
  const { rules, hash } = digest;
  if (rules.layers !== settings.layers || rules.completeOn !== settings.completeOn) return undefined;
  if (!isDefinedBy(definition, { rules, hash, inferred: settings.inferred })) return undefined;
  seal.keep(() => keptText({ header: read.header, digest: withSight(digest, specOfDigest(digest)) }));
  return digest;
}
