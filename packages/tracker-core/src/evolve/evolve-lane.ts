import { type IsoTime, OrchardError } from "@orchard/kernel";
import type { Attempt } from "../domain/attempt.ts";
import { attemptsMade } from "../domain/attempt.ts";
import {
  type Conflict,
  LANE_ARROWS,
  type Lane,
  type LaneMerge,
  type LaneState,
  type LaneWorktree,
  resolveOf,
} from "../domain/lane.ts";
import type { TrackerFact } from "../domain/tracker-fact.ts";

/** A fact about one lane. */
export type LaneFact = Extract<TrackerFact, { readonly lane: string }>;

/** The lane after `fact`; pure. Throws `INTERNAL` when the fact would draw an arrow that `LANE_ARROWS` has not. */
export function evolveLane(
  lane: Lane,
  fact: Exclude<LaneFact, { type: "lane-added" | "lane-withdrawn" | "lane-put-back" }>,
  at: IsoTime,
): Lane {
  switch (fact.type) {
    case "lane-preparing":
      return {
        ...moved(lane, "preparing", at),
        freshRequested: undefined,
        retryAt: undefined,
        failure: undefined,
        contains: fact.contains,
        worktree: { path: fact.worktree, branch: fact.branch, start: fact.start, ready: false },
      };
    case "worktree-ready":
      return { ...moved(lane, "ready", at), worktree: lane.worktree && { ...lane.worktree, ready: true } };
    case "environment-allocated":
      return withWorktree(lane, { environment: { ports: fact.ports, name: fact.name } });
    case "worktree-set-up":
      return withWorktree(lane, { setUp: fact.key });
    case "worktree-updated":
      return { ...lane, worktree: lane.worktree && startedAnew(lane.worktree, fact.start) };
    case "attempt-intended":
      return {
        ...moved(lane, "intended", at),
        retryAt: undefined,
        attempts: [...lane.attempts, { token: fact.token, number: fact.number, agent: fact.agent, intendedAt: at }],
      };
    case "attempt-started":
      return withAttempt(moved(lane, "running", at), fact.token, { startedAt: at, supervisor: fact.supervisor });
    case "attempt-adopted":
      return withAttempt(lane, fact.token, { supervisor: fact.supervisor });
    case "attempt-ended":
      return withAttempt(moved(lane, "settling", at), fact.token, { endedAt: at, end: fact.end });
    case "attempt-abandoned":
      return withAttempt(moved(lane, "ready", at), fact.token, { abandoned: true, failure: fact.reason });
    case "attempt-failed":
      return withLastFailure(failed(lane, fact, at), fact.reason);
    case "work-judged":
      return { ...lane, judged: { token: fact.token, head: fact.head } };
    case "lane-completed":
      return {
        ...moved(lane, "completed", at),
        work: fact.work,
        failure: undefined,
        merge: undefined,
        stopRequested: undefined,
      };
    case "lane-parked":
      return asWaited({ ...moved(lane, "parked", at), failure: undefined, parked: { at, waits: fact.waits } });
    case "lane-unparked":
      return moved(lane, "settling", at);
    case "work-restacked":
      return { ...lane, work: lane.work && { ...lane.work, head: fact.head, receipts: [], onRedBase: undefined } };
    case "lane-progressed":
      return {
        ...lane,
        ...(fact.progress === undefined ? {} : { progress: fact.progress }),
        ...(fact.results === undefined ? {} : { toldResults: fact.results }),
      };
    case "stop-requested":
      return { ...lane, stopRequested: { at, reason: fact.reason } };
    case "lane-stopped":
      return {
        ...moved(lane, "stopped", at),
        stopRequested: undefined,
        failure: { cause: "stopped", reason: fact.reason, at },
      };
    case "retry-requested":
      return retried(lane, fact, at);
    case "landing-intended":
      return {
        ...lane,
        merge: {
          state: "intended",
          head: fact.head,
          from: fact.from,
          candidate: fact.candidate,
          ...(fact.evidence === undefined ? {} : { evidence: fact.evidence }),
          ...earlierOf(lane),
        },
      };
    case "landing-undone":
      return lane.merge?.state === "landed" && lane.merge.commit === fact.commit ? { ...lane, merge: undefined } : lane;
    case "landing-abandoned":
      return { ...lane, merge: beforeLanding(lane, at) };
    case "lane-landed":
      return {
        ...withWorktree(lane, { environment: undefined }),
        merge: {
          state: "landed",
          head: fact.head,
          commit: fact.commit,
          verified: fact.verified,
          ...(fact.without === undefined ? {} : { without: fact.without }),
          ...(fact.evidence === undefined ? evidenceOf(lane, fact.commit) : { evidence: fact.evidence }),
          at,
          ...resolving(lane),
        },
      };
    case "lane-conflicted":
      return { ...lane, merge: { state: "conflicted", conflict: fact.conflict, at, ...resolving(lane) } };
    case "resolve-started":
      return lane.merge?.state === "conflicted" ? { ...lane, merge: { ...lane.merge, resolve: fact.resolve } } : lane;
    case "lane-rejected":
      return {
        ...lane,
        merge: {
          state: "rejected",
          head: fact.head,
          onto: fact.onto,
          reason: fact.reason,
          receipts: fact.receipts,
          ...(fact.cause === undefined ? {} : { cause: fact.cause }),
          ...(fact.clash === undefined ? {} : { clash: fact.clash }),
          ...(fact.dropped === undefined ? {} : { dropped: fact.dropped }),
          at,
          ...earlierOf(lane),
        },
      };
    case "worktree-removed":
      return lane.worktree !== undefined && fact.path === lane.worktree.path
        ? { ...lane, worktree: undefined, setAside: { number: fact.number, worktree: lane.worktree } }
        : withoutResolve(lane, fact.path);
    case "worktree-restored":
      return lane.worktree === undefined && lane.setAside?.number === fact.number
        ? { ...lane, worktree: lane.setAside.worktree, setAside: undefined }
        : lane;
  }
}

function moved(lane: Lane, to: LaneState, at: IsoTime): Lane {
  if (!LANE_ARROWS[lane.state].includes(to)) {
    throw new OrchardError({
      code: "INTERNAL",
      kind: "internal",
      message: `Lane "${lane.id}" cannot go from ${lane.state} to ${to}.`,
    });
  }
  const { parked: _, ...rest } = lane;
  return { ...rest, state: to, stateChangedAt: at };
}

function withWorktree(lane: Lane, change: Partial<LaneWorktree>): Lane {
  return lane.worktree === undefined ? lane : { ...lane, worktree: { ...lane.worktree, ...change } };
}

function startedAnew(worktree: LaneWorktree, start: string): LaneWorktree {
  return { ...worktree, start, firstStart: worktree.firstStart ?? worktree.start };
}

/** Its last attempt does not count: it ended because the rest waits for others. */
function asWaited(lane: Lane): Lane {
  const last = lane.attempts.at(-1);
  return last === undefined ? lane : withAttempt(lane, last.token, { waited: true });
}

function withAttempt(lane: Lane, token: string, change: Partial<Attempt>): Lane {
  return {
    ...lane,
    attempts: lane.attempts.map((attempt) => (attempt.token === token ? { ...attempt, ...change } : attempt)),
  };
}

function withLastFailure(lane: Lane, reason: string): Lane {
  const last = lane.attempts.at(-1);
  return last === undefined ? lane : withAttempt(lane, last.token, { failure: reason });
}

function failed(lane: Lane, fact: Extract<LaneFact, { type: "attempt-failed" }>, at: IsoTime): Lane {
  const failure = { cause: fact.cause, reason: fact.reason, at };
  return fact.retryAt === undefined
    ? { ...moved(lane, "failed", at), failure, stopRequested: undefined }
    : { ...moved(lane, "retrying", at), failure, retryAt: fact.retryAt };
}

/** What the announcement of just this landing said for it. */
function evidenceOf({ merge }: Lane, commit: string) {
  const isIt = merge?.state === "intended" && merge.candidate === commit && merge.evidence !== undefined;
  return isIt ? { evidence: merge.evidence } : {};
}

function retried(lane: Lane, fact: Extract<LaneFact, { type: "retry-requested" }>, at: IsoTime): Lane {
  const again = {
    ...lane,
    attemptsAllowed: attemptsMade(lane.attempts) + fact.attempts,
    work: undefined,
    merge: undefined,
    stopRequested: undefined,
    ...whyNotLanded(lane),
  };
  return fact.fresh || lane.worktree === undefined
    ? { ...moved(again, "pending", at), freshRequested: true }
    : { ...moved(again, "retrying", at), retryAt: at };
}

/** The next attempt is told why the work did not land. */
function whyNotLanded({ merge }: Lane) {
  if (merge?.state !== "rejected") return {};
  return { failure: { cause: merge.cause ?? "verify-red", reason: merge.reason, at: merge.at } };
}

function resolving(lane: Lane) {
  const resolve = resolveOf(lane);
  return resolve === undefined ? {} : { resolve };
}

function earlierOf(lane: Lane) {
  const conflict = conflictOf(lane);
  return { ...(conflict === undefined ? {} : { conflict }), ...resolving(lane) };
}

function conflictOf({ merge }: Lane): Conflict | undefined {
  return merge === undefined || merge.state === "landed" ? undefined : merge.conflict;
}

/** A landing that did not come about leaves the conflict that it would have ended. */
function beforeLanding(lane: Lane, at: IsoTime): LaneMerge | undefined {
  const conflict = conflictOf(lane);
  return conflict === undefined ? undefined : { state: "conflicted", conflict, at, ...resolving(lane) };
}

function withoutResolve(lane: Lane, path: string): Lane {
  if (lane.merge === undefined || lane.merge.resolve?.path !== path) return lane;
  const { resolve: _, ...merge } = lane.merge;
  return { ...lane, merge };
}
