import { endRunPhase, type Tracker } from "@orchard/tracker-core";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { requirePlainFolder } from "../probes/generated-folder.ts";
import { type Adoption, adoption } from "./adopt-lanes.ts";
import { draftPlan, putDraftAway } from "./draft-plan.ts";
import { lanesFromDraft } from "./lanes-from-draft.ts";
import { lanesFromPlan } from "./lanes-from-plan.ts";
import { type LaneOfPlan, makePlan } from "./make-plan.ts";
import { requireUnedited, writePlanFiles } from "./plan-files.ts";
import { type PlanSources, readPlanSources } from "./plan-sources.ts";
import { readPlanFile } from "./read-plan-file.ts";

/** How to plan. */
export interface PlanOptions {
  /** A plan to take in place of one made out of gaps and tasks. */
  readonly from?: { readonly text: string; readonly source: string } | undefined;
  /** The agent that drafts the plan in place of the rules. */
  readonly agent?: string | undefined;
  /** Plan anew although the last plan's file was edited; the edited file is kept. */
  readonly fresh?: boolean | undefined;
}

/** The plan that was made, or would be, and what it changes among the lanes. */
export interface Planned extends Adoption {
  readonly base: string;
  /** The landed commit that it is made for. */
  readonly commit: string;
  /** What a person should know; none of it was in the way. */
  readonly findings: readonly string[];
  /** Gaps and tasks that a lane which stays is about. */
  readonly covered: number;
  /** Where an edited plan is kept, relative to the main checkout. */
  readonly keptAside?: string | undefined;
}

/**
 * Phase 2: turns what probes found and what specs leave open into lanes. Lanes that were added by hand, and those for
 * which something was done, stay; what is left of an older plan is replaced. All lanes are one record, then the files are
 * written; done again it changes nothing. An edited plan that was not taken is kept aside. Throws `PLAN_EDITED`, `GENERATED_FOLDER`, `DRAFT_FAILED`, and `INVALID_INPUT` for a
 * plan that cannot be taken.
 */
export async function planLanes(
  driver: Driver,
  options: PlanOptions & { readonly run?: string | undefined } = {},
): Promise<Planned> {
  const { orchard } = driver;
  if (options.from === undefined && options.fresh !== true) await requireUnedited(orchard.place);
  await requirePlainFolder(orchard.place.mainRoot);
  const sources = await readPlanSources(orchard, { records: true });
  const { config } = await orchard.config();
  const draft = options.agent === undefined ? undefined : await draftPlan(driver, { agent: options.agent, sources });
  let planned: Planned | undefined;
  await driver.record("plan: lanes", (tracker) => {
    const { lanes, findings } = plannedBy(tracker, sources, { ...options, draft });
    const { adopted, facts } = adoption(tracker, lanes, config.attempts);
    planned = { ...told(sources, findings), ...adopted };
    const ended = options.run === undefined ? [] : endRunPhase(tracker, { run: options.run, phase: 2 }).facts;
    return { facts: [...facts, ...ended], outcome: null };
  });
  if (planned === undefined) throw new Error("the store recorded without a decision");
  if (draft !== undefined) await putDraftAway(driver);
  const keptAside = await writePlanFiles(orchard.place, planned, { taken: options.from?.text });
  return { ...planned, keptAside };
}

/** What {@link planLanes} would do; nothing is recorded or written. */
export async function foreseePlan(orchard: Orchard, options: PlanOptions = {}): Promise<Planned> {
  const sources = await readPlanSources(orchard, { records: false });
  const tracker = await orchard.tracker();
  const { config } = await orchard.config();
  const { lanes, findings } = plannedBy(tracker, sources, options);
  return { ...told(sources, findings), ...adoption(tracker, lanes, config.attempts).adopted };
}

function plannedBy(
  tracker: Tracker,
  sources: PlanSources,
  { from, draft }: PlanOptions & { readonly draft?: { readonly text: string; readonly source: string } | undefined },
): { readonly lanes: readonly LaneOfPlan[]; readonly findings: readonly string[] } {
  if (draft !== undefined) return lanesFromDraft(draft.text, { tracker, sources, source: draft.source });
  if (from === undefined) return makePlan(tracker, sources);
  const { progress } = sources;
  const { source, text } = from;
  return { lanes: lanesFromPlan(readPlanFile(text, source), { tracker, progress, source }), findings: [] };
}

function told({ base, reading, covered }: PlanSources, findings: readonly string[]) {
  return {
    base,
    commit: reading.commit,
    findings: [...reading.findings.map(({ file, message }) => `${file} is not used: ${message}`), ...findings],
    covered: covered.gaps.size + covered.tasks.size,
  };
}
