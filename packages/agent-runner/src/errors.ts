import { OrchardError } from "@orchard/kernel";

/** There is no attempt in that folder. */
export function attemptMissing(folder: string, cause?: unknown): OrchardError {
  return new OrchardError({
    code: "ATTEMPT_MISSING",
    kind: "state",
    message: `There is no attempt in ${folder}.`,
    hint: "List the attempts that there are with `orch status`.",
    details: { folder },
    cause,
  });
}

/** A file of an attempt is not what we write; it is left as it is. */
export function attemptDamaged(path: string): OrchardError {
  return new OrchardError({
    code: "ATTEMPT_DAMAGED",
    kind: "state",
    message: `The attempt's file ${path} cannot be understood.`,
    hint: "Run `orch doctor`; the attempt's output beside that file is still there.",
    details: { path },
  });
}

/** The supervisor's program could not be started; no agent runs. */
export function supervisorNotStarted(program: string, cause: unknown): OrchardError {
  return new OrchardError({
    code: "SUPERVISOR_NOT_STARTED",
    kind: "failed",
    message: `The supervisor ${program} could not be started: ${cause instanceof Error ? cause.message : String(cause)}.`,
    hint: "Check that the installation is complete (`orch doctor`) and that processes and memory are left.",
    details: { program },
    cause,
  });
}
