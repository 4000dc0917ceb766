import type { IsoTime } from "@orchard/kernel";
import { attemptsMade } from "../domain/attempt.ts";
import type { Lane } from "../domain/lane.ts";
import { EMPTY_TRACKER, findLane, type Tracker, type WorkflowRun } from "../domain/tracker.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";
import type { UndoneLanding } from "../domain/undo.ts";
import { evolveLane, type LaneFact } from "./evolve-lane.ts";

/** The tracker after `fact`, which happened at `at`. Pure and total over every fact ever written. */
export function evolveTracker(tracker: Tracker, fact: TrackerFact, at: IsoTime): Tracker {
  const after = isLaneFact(fact) ? withLane(tracker, fact, at) : withoutLane(tracker, fact, at);
  return { ...after, updatedAt: at };
}

function isLaneFact(fact: TrackerFact): fact is LaneFact {
  return "lane" in fact;
}

function withLane(tracker: Tracker, fact: LaneFact, at: IsoTime): Tracker {
  if (fact.type === "lane-added") return added(tracker, fact, at);
  if (fact.type === "lane-put-back") return putBack(tracker, fact);
  const lane = findLane(tracker, fact.lane);
  if (lane === undefined) return tracker;
  if (fact.type === "lane-withdrawn") {
    const { [fact.lane]: _, ...lanes } = tracker.lanes;
    return { ...tracker, lanes };
  }
  const after = { ...tracker, lanes: { ...tracker.lanes, [fact.lane]: evolveLane(lane, fact, at) } };
  if (fact.type === "landing-undone") return { ...after, undone: [...(tracker.undone ?? []), undoneBy(fact, at)] };
  if (fact.type !== "worktree-removed") return after;
  const { lane: id, number, rescue, trash, why } = fact;
  return { ...after, removals: [...tracker.removals, { lane: id, number, rescue, trash, at, why }] };
}

function added(tracker: Tracker, fact: Extract<LaneFact, { type: "lane-added" }>, at: IsoTime): Tracker {
  const before = findLane(tracker, fact.lane);
  if (before !== undefined) return redefined(tracker, before, fact);
  const lane: Lane = {
    id: fact.lane,
    definition: fact.definition,
    order: tracker.lanesAdded,
    state: "pending",
    addedAt: at,
    stateChangedAt: at,
    attempts: [],
    attemptsAllowed: fact.attemptsAllowed,
    contains: [],
  };
  return {
    ...tracker,
    lanesAdded: tracker.lanesAdded + 1,
    lanes: { ...tracker.lanes, [fact.lane]: lane },
  };
}

function putBack(tracker: Tracker, { lane, to }: Extract<LaneFact, { type: "lane-put-back" }>): Tracker {
  const { [lane]: _, ...lanes } = tracker.lanes;
  return { ...tracker, lanes: to === null ? lanes : { ...lanes, [lane]: to } };
}

function undoneBy(fact: Extract<LaneFact, { type: "landing-undone" }>, at: IsoTime): UndoneLanding {
  const { lane, head, commit, how, start, tasks = [] } = fact;
  return { lane, head, commit, how, start, tasks, at };
}

/**
 * A new definition; what the lane did before (attempts, a worktree to be set aside) stays known, and why it failed or how
 * far it came says nothing of it any more.
 */
function redefined(tracker: Tracker, before: Lane, fact: Extract<LaneFact, { type: "lane-added" }>): Tracker {
  const { definition } = fact;
  const attemptsAllowed = attemptsMade(before.attempts) + fact.attemptsAllowed;
  const attempts = before.attempts.map((attempt) => ({ ...attempt, former: true }) as const);
  const { failure: _, progress: _progress, toldResults: _results, ...rest } = before;
  return { ...tracker, lanes: { ...tracker.lanes, [fact.lane]: { ...rest, definition, attempts, attemptsAllowed } } };
}

function withoutLane(tracker: Tracker, fact: Exclude<TrackerFact, LaneFact>, at: IsoTime): Tracker {
  switch (fact.type) {
    case "tracker-initialized": {
      const { mainRepo, worktreesDir, base, configHash } = fact;
      return { ...tracker, configHash, home: { mainRepo, worktreesDir, base, createdAt: at } };
    }
    case "repository-moved": {
      const { mainRepo, worktreesDir } = fact;
      return tracker.home === undefined ? tracker : { ...tracker, home: { ...tracker.home, mainRepo, worktreesDir } };
    }
    case "repaired":
      return tracker;
    case "config-accepted":
      return { ...tracker, configHash: fact.hash };
    case "driver-started": {
      const { epoch, identity, command, options } = fact;
      return { ...tracker, epoch, driver: { epoch, identity, command, options, startedAt: at } };
    }
    case "driver-ended":
      return tracker.driver?.epoch === fact.epoch
        ? { ...tracker, driver: { ...tracker.driver, endedAt: at } }
        : tracker;
    case "run-started": {
      const { run, workflow } = fact;
      const { epoch, driver } = tracker;
      return { ...tracker, run: { run, workflow, startedAt: at, done: [], epoch, options: driver?.options } };
    }
    case "run-phase-ended":
      return withRun(tracker, fact.run, (run) => ({ ...run, done: [...run.done, fact.phase] }));
    case "run-ended":
      return withRun(tracker, fact.run, (run) => ({ ...run, endedAt: at, outcome: fact.outcome }));
    case "phase-changed": {
      const { phase, status } = fact;
      return { ...tracker, phase, status, ...(status === "running" ? { phaseSince: at } : {}) };
    }
    case "base-checked": {
      const { commit, green, receipts, whole } = fact;
      const checked = { commit, green, receipts, ...(whole === undefined ? {} : { whole }) };
      return { ...tracker, base: { ...tracker.base, checked } };
    }
    case "base-merge-intended":
      return { ...tracker, base: { ...tracker.base, intended: { from: fact.from, candidate: fact.candidate } } };
    case "base-merged":
      return { ...tracker, base: { ...tracker.base, intended: undefined, conflict: undefined } };
    case "base-conflicted": {
      const { base, landed, files } = fact;
      return { ...tracker, base: { ...tracker.base, intended: undefined, conflict: { base, landed, files } } };
    }
    case "base-followed":
      return { ...tracker, base: { ...tracker.base, behind: undefined } };
    case "base-behind":
      return { ...tracker, base: { ...tracker.base, behind: { landed: fact.landed, why: fact.why, at } } };
    case "undo-intended":
      return { ...tracker, undoing: fact.undo, undos: (tracker.undos ?? 0) + 1 };
    case "undo-ended":
      return tracker.undoing?.id === fact.id ? { ...tracker, undoing: undefined } : tracker;
    case "tracker-reset":
      return { ...EMPTY_TRACKER, epoch: tracker.epoch };
  }
}

function withRun(tracker: Tracker, id: string, change: (run: WorkflowRun) => WorkflowRun): Tracker {
  const { run, epoch } = tracker;
  return run?.run === id ? { ...tracker, run: { ...change(run), epoch } } : tracker;
}
