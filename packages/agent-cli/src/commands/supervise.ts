import { progressBar } from "@orchard/terminal";
import { requireSpec } from "@orchard/tracker-core";
import { signsOfLife, superviseSpec } from "@orchard/workflow/tasks";
import { specNamed } from "../answers/spec-named.ts";
import { superviseReport } from "../say/supervise-report.ts";
import { seenSpecs } from "../surroundings.ts";
import type { Action } from "./action.ts";
import { findingLines, findingsOf } from "./findings-of.ts";

/** Who finishes what, who waits for whom, what is stuck, what comes next. Looks into the worktrees of those at work. */
export const supervise: Action = async (around, given) => {
  const orchard = await around.orchard();
  const { progress } = await seenSpecs(orchard);
  const name = specNamed(progress, given, around.environment);
  const spec = requireSpec(progress, name);
  const report = superviseSpec(progress, name, { now: around.now, signs: await signsOfLife(orchard, spec) });
  const bars = (share: number) => (around.isTerminal ? `${progressBar(share, 16)}  ` : "");
  const layers = report.layers.map(({ tasks: _, ...layer }) => layer);
  const findings = await findingsOf(orchard, spec);
  const text = superviseReport(spec, report, { now: Date.parse(around.now), bars });
  const below = findingLines(spec, findings).map((line) => `${line}\n`);
  return { data: { ...report, layers, findings }, text: `${text}${below.join("")}` };
};
