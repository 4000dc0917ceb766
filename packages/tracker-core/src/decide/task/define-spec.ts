import { findSpec, type Progress } from "../../domain/progress.ts";
import type { SpecDefinition } from "../../domain/spec.ts";
import type { SpecFact } from "../../domain/spec-fact.ts";

/** The fact that a definition was read that differs from the one on record; nothing when it is the same. */
export function defineSpec(progress: Progress, spec: string, definition: SpecDefinition): readonly SpecFact[] {
  const before = findSpec(progress, spec)?.definition;
  const same = before?.hash === definition.hash && before.path === definition.path;
  return same ? [] : [{ type: "spec-defined", spec, definition }];
}
