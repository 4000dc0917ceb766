import { assertNever, type LaneId } from "@orchard/kernel";
import type { UndoStep } from "@orchard/tracker-core";
import type { Operation } from "./operation.ts";

/**
 * The parts of taking an operation back, last thing first. What its agents did stays, also the worktree that it did it in:
 * what was set aside to begin a lane anew stays aside. Of a reset there are none.
 */
export function undoSteps({ changes }: Operation): readonly UndoStep[] {
  const { lanes, landed, unlanded, restored, worked, prepared, other } = changes;
  if (other.has("reset")) return [];
  const removed = changes.removed.filter(({ lane }) => !prepared.has(lane));
  return [
    ...landed.toReversed().map(({ lane, head, commit }) => ({ kind: "unland", lane, head, commit }) as const),
    ...unlanded.toReversed().map((one) => ({ kind: "reland", ...one }) as const),
    ...removed.toReversed().map((one) => ({ kind: "restore", ...one }) as const),
    ...restored.toReversed().map((one) => ({ kind: "setAside", ...one }) as const),
    ...[...lanes].toReversed().flatMap(([lane, { before }]): readonly UndoStep[] => {
      return worked.has(lane) ? [] : [{ kind: "putBack", lane, to: before }];
    }),
  ];
}

/** Why an operation that is in effect has nothing that `undo` could take back. */
export function whyNothing({ changes, command }: Operation): string {
  const { other, worked } = changes;
  if (other.has("reset")) return "a reset is not undone; what it set aside comes back piece by piece: orch rescue list";
  if (other.has("init")) return "it only set Orchard up";
  if (worked.size > 0) return `what agents did stays; to begin a lane anew: orch retry ${some(worked)} --fresh`;
  if (other.has("config")) return "what was accepted is accepted; accept what you want instead: orch doctor --accept";
  if (other.has("layer")) return "a hard layer landed whole, and later ones begin on it: land a lane that takes it out";
  if (other.has("base")) return "it only brought the base branch's own commits into what has landed";
  if (other.has("tasks")) return "tasks are taken back one by one: orbit-agent reopen <task>";
  return `"${command}" changed nothing that could be taken back`;
}

function some(lanes: ReadonlySet<LaneId>): string {
  return [...lanes][0] ?? "<lane>";
}

/** One step, for people. */
export function saidStep(step: UndoStep): string {
  switch (step.kind) {
    case "putBack":
      return step.to === null ? `lane ${step.lane} is taken out again` : `lane ${step.lane} is ${step.to.state} again`;
    case "unland":
      return `lane ${step.lane} is completed and not landed again`;
    case "reland":
      return `lane ${step.lane} has landed again`;
    case "restore":
      return `the worktree of ${step.lane} comes back to ${step.path}`;
    case "setAside":
      return `the worktree of ${step.lane} is set aside again`;
    default:
      return assertNever(step);
  }
}
