import type { Operation } from "./operation.ts";

/** What an operation did, in one line. */
export function sayOperation({ changes, undoes, said }: Operation): string {
  const { lanes, landed, unlanded, removed, restored, worked } = changes;
  const parts = [
    ...(undoes === undefined ? [] : [`undo of ${undoes.operations.join(", ")}`]),
    ...(landed.length === 0 ? [] : [`${named(landed)} landed`]),
    ...(unlanded.length === 0 ? [] : [`landing of ${named(unlanded)} taken back`]),
    ...(removed.length === 0 ? [] : [`worktrees of ${named(removed)} set aside`]),
    ...(restored.length === 0 ? [] : [`worktrees of ${named(restored)} brought back`]),
    ...[...lanes].map(([lane, { before, after }]) => sayLane(lane, before?.state, after?.state)),
    ...(worked.size === 0 ? [] : [`agents worked in ${[...worked].join(", ")}`]),
  ];
  return parts.length === 0 ? (said.findLast(isTelling) ?? said[0] ?? "") : parts.join("; ");
}

function named(lanes: readonly { readonly lane: string }[]): string {
  return lanes.map(({ lane }) => lane).join(", ");
}

function sayLane(lane: string, before: string | undefined, after: string | undefined): string {
  if (before === undefined) return `lane ${lane} added`;
  if (after === undefined) return `lane ${lane} taken out`;
  return before === after ? `lane ${lane} defined anew` : `lane ${lane}: ${before} → ${after}`;
}

/** More than that a driver began or ended. */
function isTelling(sentence: string): boolean {
  return !/driver (?:starts|ends)|: phase \d|: ended$/.test(sentence);
}
