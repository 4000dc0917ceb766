import { isOrchardError, OrchardError } from "@orchard/kernel";

/** Without it nobody knows what may run; guessing would let lanes land that no command verified. */
export function acceptedUnreadable(why: string, cause: unknown): OrchardError {
  return new OrchardError({
    code: "ACCEPTED_CONFIG_UNREADABLE",
    kind: "state",
    message: `The configuration that you accepted cannot be read: ${why}`,
    hint: "Look at orch.config.jsonc as it stands, then accept it: orch doctor --accept",
    cause,
  });
}

/** Whether `error` says that the configuration, or its accepted copy, cannot be read. */
export function isConfigUnreadable(error: unknown): error is OrchardError {
  return isOrchardError(error, "INVALID_INPUT") || isOrchardError(error, "ACCEPTED_CONFIG_UNREADABLE");
}
