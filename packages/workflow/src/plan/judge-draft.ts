import { isOrchardError } from "@orchard/kernel";
import type { Oid } from "@orchard/worktree-git";
import type { Shortfall } from "../execute/shortfall.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { DRAFT_FILE } from "./draft-lane.ts";
import { lanesFromDraft } from "./lanes-from-draft.ts";
import { readPlanSources } from "./plan-sources.ts";

/** Why what an agent committed is no draft of a plan; its next attempt is told. */
export async function judgeDraft(orchard: Orchard, head: Oid): Promise<Shortfall | undefined> {
  const text = await readDraft(orchard, head);
  if (text === undefined) return { cause: "no-result", reason: `it ended without committing ${DRAFT_FILE}` };
  const sources = await readPlanSources(orchard, { records: false });
  const tracker = await orchard.tracker();
  try {
    lanesFromDraft(text, { tracker, sources, source: DRAFT_FILE });
    return undefined;
  } catch (error) {
    if (!isOrchardError(error) || error.kind !== "user") throw error;
    return { cause: "bad-result", reason: `its draft is not valid: ${error.message}` };
  }
}

export async function readDraft(orchard: Orchard, commit: Oid): Promise<string | undefined> {
  return (await (await orchard.repository()).readFileAt(commit, DRAFT_FILE))?.toString("utf8");
}
