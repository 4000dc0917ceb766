import { OrchardError } from "@orchard/kernel";

/** `path` is `file` as a person in any folder can name it. */
export function planEdited(file: string, why: string, path: string): OrchardError {
  const from = /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
  return new OrchardError({
    code: "PLAN_EDITED",
    kind: "state",
    message: `${file} ${why}, and was not taken yet; it is left as it is.`,
    hint: `Take it: orch plan --from ${from}; or plan anew, keeping it beside the new one: orch plan --fresh`,
    details: { file },
  });
}

/** A plan that came on standard input is nowhere when its command died before it was on record. */
export function planNotKept(): OrchardError {
  return new OrchardError({
    code: "PLAN_NOT_KEPT",
    kind: "state",
    message: "The plan of the command that was interrupted came on standard input; it was not kept.",
    hint: "Give it again, as a file: orch plan --from <file>; or plan by the rules: orch plan",
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
