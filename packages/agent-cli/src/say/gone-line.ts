import type { Spec } from "@orchard/tracker-core";
import { shortened } from "./layer-line.ts";

/** Of a spec whose file is gone: that nothing of it is offered, and who holds tasks of it all the same. */
export function goneLines(spec: Spec): readonly string[] {
  if (spec.goneSince === undefined) return [];
  const held = Object.values(spec.tasks).flatMap(({ id, claim }) =>
    claim === undefined ? [] : [`${id} @${claim.agent}`],
  );
  const still = held.length === 0 ? "" : ` Still held: ${shortened(held)}.`;
  return [
    `${spec.definition.path} is gone from every checkout and the base: none of its tasks is offered until it is back.${still}`,
  ];
}
