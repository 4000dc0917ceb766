import { OrchardError } from "@orchard/kernel";

/** A command that asks before it acts, and nobody said yes. */
export function needsYes(command: string): OrchardError {
  return new OrchardError({
    code: "NEEDS_YES",
    kind: "state",
    message: "Nothing was done: this command asks before it acts, and nobody said yes.",
    hint: `See what it would do: ${command} --dry-run; then add --yes`,
  });
}
