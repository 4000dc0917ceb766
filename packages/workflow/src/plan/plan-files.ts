import { mkdir, rename } from "node:fs/promises";
import { join } from "node:path";
import { nodeFiles, readWhole, writeDurable } from "@orchard/host";
import { pathExists } from "../orchard/path-exists.ts";
import type { Place } from "../orchard/place.ts";
import { GENERATED } from "../probes/probe-files.ts";
import { planEdited } from "./errors.ts";
import { planReport } from "./plan-report.ts";
import { type PlanPicture, planDigest, planView } from "./plan-view.ts";

/** Where the plan is, relative to the main checkout; excluded from git. */
export const PLAN_FILE = `${GENERATED}/execution_plan.json`;
/** Where the plan is in readable form, relative to the main checkout; excluded from git. */
export const PLAN_REPORT = `${GENERATED}/execution_plan.md`;

/**
 * Writes the plan for people and scripts to read; its folder is a plain one. A plan there that somebody edited, also a
 * moment ago, is kept aside first unless `taken` is its text: then its new path is returned, relative to the main checkout.
 */
export async function writePlanFiles(
  place: Place,
  picture: PlanPicture,
  { taken }: { readonly taken?: string | undefined } = {},
): Promise<string | undefined> {
  const { mainRoot } = place;
  const json = `${JSON.stringify(planView(picture), null, 2)}\n`;
  const keptAside = await keepEditedAside(place, taken);
  await writeDurable(nodeFiles, join(mainRoot, PLAN_FILE), json, { mode: 0o644 });
  await writeDurable(nodeFiles, join(mainRoot, PLAN_REPORT), planReport(picture), { mode: 0o644 });
  return keptAside;
}

/** Throws `PLAN_EDITED` when somebody changed the plan's file after Orchard had written it. */
export async function requireUnedited(place: Place): Promise<void> {
  const why = await whyEdited(place);
  if (why !== undefined) throw planEdited(PLAN_FILE, why, join(place.mainRoot, PLAN_FILE));
}

/** Says why the plan's file is not as Orchard wrote it; `undefined` when it is, or when there is none. */
export async function whyEdited({ mainRoot }: Place): Promise<string | undefined> {
  const path = join(mainRoot, PLAN_FILE);
  const bytes = await readWhole(nodeFiles, path);
  if (bytes === undefined) return (await pathExists(path)) ? "is no file" : undefined;
  try {
    const plan: unknown = JSON.parse(bytes.toString("utf8"));
    const isPlan = typeof plan === "object" && plan !== null && "digest" in plan;
    if (!isPlan) return "was not written by Orchard";
    return plan.digest === planDigest(plan) ? undefined : "was edited";
  } catch (error) {
    if (error instanceof SyntaxError) return "was edited and cannot be read as JSON";
    throw error;
  }
}

/**
 * Moves an edited plan beside its place, unless its text is the one that was taken; returns its new path, relative to the
 * main checkout.
 */
async function keepEditedAside(place: Place, taken?: string): Promise<string | undefined> {
  if ((await whyEdited(place)) === undefined) return undefined;
  const bytes = await readWhole(nodeFiles, join(place.mainRoot, PLAN_FILE));
  if (taken !== undefined && bytes?.toString("utf8") === taken) return undefined;
  for (let n = 1; ; n++) {
    const kept = `.orchestration/edited_plan-${n}.json`;
    if (await pathExists(join(place.mainRoot, kept))) continue;
    await mkdir(place.orchestrationDir, { recursive: true });
    await rename(join(place.mainRoot, PLAN_FILE), join(place.mainRoot, kept));
    return kept;
  }
}
