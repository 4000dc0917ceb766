import { isOrchardError, isoTime, type LaneId } from "@orchard/kernel";
import { expect } from "vitest";
import {
  EMPTY_TRACKER,
  evolveTracker,
  type FindCycle,
  type LaneDefinition,
  type LaneWork,
  type RecordedProcess,
  type Tracker,
  type TrackerDecision,
  type TrackerFact,
} from "../src/index.ts";

/** What the tests say about lanes without repeating it. */
export const lane = (id: string) => id as LaneId;

export const aProcess: RecordedProcess = {
  host: "host",
  pidNamespace: "1",
  pid: 42,
  startTime: "100",
  bootId: "boot",
};

export function definition(part: Partial<LaneDefinition> = {}): LaneDefinition {
  return {
    tasks: ["do it"],
    parallel: true,
    priority: "medium",
    dependsOn: [],
    files: [],
    noChange: false,
    ...part,
  };
}

export function work(head = "h1", part: Partial<LaneWork> = {}): LaneWork {
  return { head, results: [], changedFiles: ["a.txt"], receipts: [], unverified: true, ...part };
}

export const initialised: TrackerFact = {
  type: "tracker-initialized",
  mainRepo: "/repo",
  worktreesDir: "/repo/.worktrees",
  base: "refs/heads/main",
  configHash: "c0",
};

export const added = (id: string, part: Partial<LaneDefinition> = {}): TrackerFact => ({
  type: "lane-added",
  lane: lane(id),
  definition: definition(part),
  attemptsAllowed: 2,
});

/** The facts that take lane `id` to a state, each list a continuation of the one before. */
export const steps = {
  preparing: (id: string): TrackerFact[] => [
    {
      type: "lane-preparing",
      lane: lane(id),
      worktree: `.worktrees/agent-${id}`,
      branch: `lane-${id}`,
      start: "s0",
      contains: [],
    },
  ],
  ready: (id: string): TrackerFact[] => [
    ...steps.preparing(id),
    { type: "worktree-ready", lane: lane(id), head: "s0" },
  ],
  intended: (id: string, token = "t1"): TrackerFact[] => [
    ...steps.ready(id),
    { type: "attempt-intended", lane: lane(id), token, number: 1, agent: "claude" },
  ],
  running: (id: string, token = "t1"): TrackerFact[] => [
    ...steps.intended(id, token),
    { type: "attempt-started", lane: lane(id), token, supervisor: aProcess },
  ],
  settling: (id: string, token = "t1"): TrackerFact[] => [
    ...steps.running(id, token),
    { type: "attempt-ended", lane: lane(id), token, end: { outcome: "exited", code: 0, signal: null } },
  ],
  retrying: (id: string, token = "t1"): TrackerFact[] => [
    ...steps.settling(id, token),
    { type: "attempt-failed", lane: lane(id), cause: "verify-red", reason: "red", retryAt: "2026-01-01T00:05:00.000Z" },
  ],
  failed: (id: string, token = "t1"): TrackerFact[] => [
    ...steps.settling(id, token),
    { type: "attempt-failed", lane: lane(id), cause: "verify-red", reason: "red" },
  ],
  completed: (id: string, token = "t1"): TrackerFact[] => [
    ...steps.settling(id, token),
    { type: "lane-completed", lane: lane(id), work: work(`head-${id}`) },
  ],
  landing: (id: string): TrackerFact[] => [
    ...steps.completed(id),
    { type: "landing-intended", lane: lane(id), head: `head-${id}`, from: "b0", candidate: "c1" },
  ],
  landed: (id: string): TrackerFact[] => [
    ...steps.landing(id),
    { type: "lane-landed", lane: lane(id), head: `head-${id}`, commit: "c1", verified: true },
  ],
  conflicted: (id: string): TrackerFact[] => [
    ...steps.completed(id),
    {
      type: "lane-conflicted",
      lane: lane(id),
      conflict: { files: ["a.txt"], with: [], onto: "b0", head: `head-${id}` },
    },
  ],
  stopped: (id: string): TrackerFact[] => [{ type: "lane-stopped", lane: lane(id), reason: "asked" }],
};

/** The tracker after `facts`, one second apart. */
export function after(...facts: readonly TrackerFact[]): Tracker {
  return facts.reduce((tracker, fact, index) => evolveTracker(tracker, fact, at(index + 1)), EMPTY_TRACKER);
}

export function at(second: number): string {
  return isoTime(Date.UTC(2026, 0, 1) + second * 1_000);
}

/** A tracker with one lane `a` taken through `facts`. */
export function withLane(facts: readonly TrackerFact[] = [], part: Partial<LaneDefinition> = {}): Tracker {
  return after(initialised, added("a", part), ...facts);
}

/** What a decide function did: the types of its facts and its outcome, or the code it refused with. */
export function said(decide: () => TrackerDecision<never> | TrackerDecision<string | number | null>) {
  try {
    const { facts, outcome } = decide();
    return { facts: facts.map(({ type }) => type), outcome };
  } catch (error) {
    if (!isOrchardError(error)) throw error;
    expect(error.message).not.toBe("");
    return error.code;
  }
}

/** The scheduler's search is its own; here any right one will do. */
export const findCycle: FindCycle = (lanes) => {
  const dependsOn = new Map(lanes.map((each) => [each.id, each.dependsOn]));
  const search = (path: readonly string[]): readonly string[] | undefined => {
    for (const next of dependsOn.get(path.at(-1) ?? "") ?? []) {
      if (path.includes(next)) return path.slice(path.indexOf(next));
      const found = search([...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const { id } of lanes) {
    const found = search([id]);
    if (found !== undefined) return found;
  }
  return undefined;
};
