import { OrchardError } from "@orchard/kernel";

export function planEdited(file: string, why: string): OrchardError {
  return new OrchardError({
    code: "PLAN_EDITED",
    kind: "state",
    message: `${file} ${why}, and was not taken yet; it is left as it is.`,
    hint: `Take it: orch plan --from ${file}; or plan anew, keeping it beside the new one: orch plan --fresh`,
    details: { file },
  });
}

export function draftFailed(lane: string, reason: string): OrchardError {
  return new OrchardError({
    code: "DRAFT_FAILED",
    kind: "failed",
    message: `The agent's draft of the plan did not come about: ${reason}`,
    hint: `See what it did: orch logs ${lane}; or plan without it: orch plan`,
    details: { lane },
  });
}
