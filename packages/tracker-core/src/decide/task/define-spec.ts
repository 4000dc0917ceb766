import { findSpec, type Progress } from "../../domain/progress.ts";
import type { SpecDefinition } from "../../domain/spec.ts";
import type { SpecFact } from "../../domain/spec-fact.ts";

/** The fact that a definition was read that differs from the one on record; nothing when it is the same. */
export function defineSpec(progress: Progress, spec: string, definition: SpecDefinition): readonly SpecFact[] {
  const known = findSpec(progress, spec);
  const before = known?.definition;
  const same = before?.hash === definition.hash && before.path === definition.path && known?.goneSince === undefined;
  return same ? [] : [{ type: "spec-defined", spec, definition }];
}

/** The fact that a spec's file is nowhere any more. What happened to its tasks stays. */
export function loseSpec(progress: Progress, spec: string): readonly SpecFact[] {
  const known = findSpec(progress, spec);
  return known === undefined || known.goneSince !== undefined ? [] : [{ type: "spec-gone", spec }];
}
