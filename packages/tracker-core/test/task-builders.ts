import { isOrchardError, isoTime } from "@orchard/kernel";
import {
  type Claim,
  type ClaimPlace,
  type claimTask,
  EMPTY_PROGRESS,
  evolveProgress,
  findSpec,
  findTask,
  type Instant,
  type LayerDefinition,
  type Progress,
  type Spec,
  type SpecFact,
  type TaskDefinition,
  type TaskWork,
  type WaitingRules,
} from "../src/index.ts";

export const SPEC = "001";
export const BOOT = "boot";
const BEGIN = Date.UTC(2026, 0, 1);

/** `second` seconds into the tests' day; the machine was booted when it began. */
export function instant(second: number): Instant {
  return { at: isoTime(BEGIN + second * 1_000), sinceBoot: second * 1_000, boot: BOOT };
}

export function place(worktree = "w1", part: Partial<ClaimPlace> = {}): ClaimPlace {
  return { worktree, path: `/crew/${worktree}`, branch: `refs/heads/${worktree}`, ...part };
}

export function task(id: string, part: Partial<TaskDefinition> = {}): TaskDefinition {
  return { id, title: `work ${id}`, layer: 1, dependsOn: [], ticked: false, line: 1, ...part };
}

export function defined(
  tasks: readonly TaskDefinition[],
  { rules, layers }: { readonly rules?: Partial<WaitingRules>; readonly layers?: readonly LayerDefinition[] } = {},
): SpecFact {
  const numbers = [...new Set(tasks.flatMap(({ layer }) => layer ?? []))].sort((a, b) => a - b);
  return {
    type: "spec-defined",
    spec: SPEC,
    definition: {
      path: `specs/${SPEC}/agent-tasks/layered-tasks.md`,
      hash: "h",
      layers: layers ?? numbers.map((number) => ({ number, title: `Layer ${number}` })),
      tasks,
      rules: { layers: "soft", completeOn: "work", stuckAfterMs: 7_200_000, ...rules },
    },
  };
}

/** The progress after `facts`, one second apart. */
export function after(facts: readonly SpecFact[], before: Progress = EMPTY_PROGRESS): Progress {
  return facts.reduce((progress, fact, index) => evolveProgress(progress, fact, instant(index + 1).at), before);
}

export function specOf(progress: Progress): Spec {
  const spec = findSpec(progress, SPEC);
  if (spec === undefined) throw new Error("the tests define their spec first");
  return spec;
}

export const recordOf = (progress: Progress, id: string) => findTask(progress, SPEC, id);

export function claimOf(id: string, part: Partial<Claim> = {}): Extract<SpecFact, { type: "task-claimed" }> {
  const now = instant(0);
  return {
    type: "task-claimed",
    spec: SPEC,
    task: id,
    claim: {
      epoch: 1,
      tokenHash: "t1",
      agent: "claude",
      place: place(),
      start: "s0",
      since: now.at,
      renewedAt: now.at,
      renewedSinceBoot: now.sinceBoot,
      boot: now.boot,
      leaseMs: 60_000,
      ...part,
    },
  };
}

export function completedAs(id: string, part: Partial<TaskWork> = {}): SpecFact {
  const { commit = `c-${id}`, start = "s0", contains = [], noCode } = part;
  return { type: "task-completed", spec: SPEC, task: id, epoch: 1, commit, start, contains, noCode };
}

/** The facts of a task that was claimed and finished. */
export function done(id: string, part: Partial<TaskWork> = {}): readonly SpecFact[] {
  return [claimOf(id, { agent: part.agent ?? "claude" }), completedAs(id, part)];
}

export function asksFor(id: string, part: Partial<Parameters<typeof claimTask>[1]> = {}) {
  return {
    spec: SPEC,
    task: id,
    agent: "qwen",
    tokenHash: "t2",
    place: place("w2"),
    leaseMs: 60_000,
    now: instant(100),
    head: "h0",
    checked: [],
    inherited: [],
    ...part,
  };
}

/** What a decide function did: the types of its facts and its outcome, or the code it refused with. */
export function said(decide: () => { readonly facts: readonly SpecFact[]; readonly outcome: unknown }) {
  try {
    const { facts, outcome } = decide();
    return { facts: facts.map(({ type }) => type), outcome };
  } catch (error) {
    if (!isOrchardError(error)) throw error;
    return error.code;
  }
}
