import { beginDraft, changePhase, requireLane } from "@orchard/tracker-core";
import { parseOid } from "@orchard/worktree-git";
import { setAside } from "../clean/set-aside.ts";
import { chooseAgent } from "../execute/agent-choice.ts";
import { executeLanes } from "../execute/execute-lanes.ts";
import type { Driver } from "../orchard/driver.ts";
import { DRAFT_FILE, DRAFT_LANE, draftDefinition } from "./draft-lane.ts";
import { draftFailed } from "./errors.ts";
import { readDraft } from "./judge-draft.ts";
import type { PlanSources } from "./plan-sources.ts";

/**
 * Lets an agent draft the plan in a worktree of its own. A draft that is there and was not read yet is taken as it is.
 * Throws `UNKNOWN_AGENT`, and `DRAFT_FAILED` when none came about.
 */
export async function draftPlan(
  driver: Driver,
  { agent, sources }: { readonly agent: string; readonly sources: PlanSources },
): Promise<{ readonly text: string; readonly source: string }> {
  const { orchard } = driver;
  const { config } = await orchard.config();
  const intent = { lane: DRAFT_LANE, definition: draftDefinition(agent, sources), attempts: config.attempts };
  // Before the lane is there: a name that nobody knows leaves nothing behind.
  await chooseAgent(orchard, { id: DRAFT_LANE, definition: intent.definition }, agent);
  await driver.record(`plan: drafted by ${agent}`, (tracker) => beginDraft(tracker, intent));
  const isDone = requireLane(await orchard.tracker(), DRAFT_LANE).state === "completed";
  if (!isDone) await executeLanes(driver, { maxParallel: 1, only: DRAFT_LANE, phase: 2 });
  const lane = requireLane(await orchard.tracker(), DRAFT_LANE);
  const text = lane.work && (await readDraft(orchard, parseOid(lane.work.head)));
  if (text !== undefined) return { text, source: DRAFT_FILE };
  await driver.record("plan: no draft", (tracker) => changePhase(tracker, { phase: 2, status: "failed" }));
  throw draftFailed(DRAFT_LANE, lane.failure?.reason ?? `its lane is ${lane.state}`);
}

/** The draft was read: its worktree goes out of the way, restorable. */
export async function putDraftAway(driver: Driver): Promise<void> {
  await setAside(driver.orchard, requireLane(await driver.orchard.tracker(), DRAFT_LANE), "its draft was read");
}
