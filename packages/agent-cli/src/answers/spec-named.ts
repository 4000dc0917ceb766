import type { Progress } from "@orchard/tracker-core";
import { defaultSpec, resolveSpec } from "@orchard/workflow/tasks";
import type { Given } from "../shape/command-shape.ts";

/** The one spec that is meant. Throws `UNKNOWN_SPEC`, `AMBIGUOUS_SPEC`, `NO_SPECS`. */
export function specNamed(progress: Progress, given: Given, environment: NodeJS.ProcessEnv): string {
  const text = given.arguments["spec"];
  return text === undefined ? defaultSpec(progress, environment) : resolveSpec(progress, text);
}
