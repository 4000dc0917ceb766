import {
  type Claim,
  EMPTY_PROGRESS,
  evolveProgress,
  type Progress,
  type SpecDefinition,
  type SpecFact,
  type TaskDefinition,
} from "@orchard/tracker-core";

export const SPEC = "001-orbit";
export const NOON = "2026-11-21T12:00:00.000Z";
const COMMIT = "c".repeat(40);

export type TaskRow = Partial<TaskDefinition> & Pick<TaskDefinition, "id">;

export function definition(rows: readonly TaskRow[], layers: readonly string[] = []): SpecDefinition {
  return {
    path: `specs/${SPEC}/agent-tasks/layered-tasks.md`,
    hash: "0".repeat(64),
    layers: layers.map((title, at) => ({ number: at + 1, title })),
    tasks: rows.map((row, at) => ({ title: `Do ${row.id}`, dependsOn: [], ticked: false, line: at + 1, ...row })),
    rules: { layers: "soft", completeOn: "work", stuckAfterMs: 7_200_000 },
  };
}

/** A spec in which `facts` happened, each at its time. */
export function progressOf(
  defined: SpecDefinition,
  facts: readonly (readonly [at: string, ...SpecFact[]])[] = [],
): Progress {
  const start = evolveProgress(EMPTY_PROGRESS, { type: "spec-defined", spec: SPEC, definition: defined }, at("00:00"));
  return facts.reduce(
    (progress, [when, ...some]) => some.reduce((next, fact) => evolveProgress(next, fact, when), progress),
    start,
  );
}

export function at(time: string): string {
  return `2026-11-21T${time}:00.000Z`;
}

export function claimed(task: string, agent: string, since: string, epoch = 1): SpecFact {
  const claim: Claim = {
    ...{ epoch, tokenHash: "", agent, start: COMMIT, since, renewedAt: since, renewedSinceBoot: 0, boot: "b" },
    place: { worktree: `w-${agent}`, path: `/home/a/${agent}`, branch: `refs/heads/${agent}` },
    leaseMs: 1_800_000,
  };
  return { type: "task-claimed", spec: SPEC, task, claim };
}

export function completed(task: string, epoch = 1): SpecFact {
  return { type: "task-completed", spec: SPEC, task, epoch, commit: COMMIT, start: COMMIT, contains: [] };
}
