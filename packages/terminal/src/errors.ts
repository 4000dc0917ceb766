import { OrchardError } from "@orchard/kernel";

/** What a command did is done; only its answer was lost. */
export function outputRefused(cause: Error): OrchardError {
  return new OrchardError({
    code: "OUTPUT_REFUSED",
    kind: "failed",
    message: `The answer could not be written: ${cause.message}.`,
    hint: "What the command did is done. Free some space or print elsewhere, then ask again.",
    cause,
  });
}
