import type { Spec } from "@orchard/tracker-core";
import { noSpecs, resolveSpec, specsAtHand } from "@orchard/workflow/tasks";
import type { Question } from "../question.ts";

/** The specs that are meant: the one named, else that of `ORBIT_SPEC`, else all that have a file. Throws `UNKNOWN_SPEC`, `NO_SPECS`. */
export function specsAsked({ progress, environment }: Question, given: string | undefined): readonly Spec[] {
  const preset = environment["ORBIT_SPEC"];
  const named = given ?? (preset === "" ? undefined : preset);
  const names = named === undefined ? [...specsAtHand(progress)].sort() : [resolveSpec(progress, named)];
  if (names.length === 0) throw noSpecs();
  return names.flatMap((name) => progress.specs[name] ?? []);
}
