import fc from "fast-check";
import {
  type AttemptOutcome,
  abandonAttempt,
  abandonLanding,
  addLane,
  adoptAttempt,
  changePhase,
  endAttempt,
  endDriver,
  findLane,
  followRestack,
  happened,
  initialise,
  intendAttempt,
  isActive,
  type Lane,
  landStep,
  moveLane,
  recordStopped,
  requestRetry,
  requestStop,
  startAttempt,
  startDriver,
  type Tracker,
  type TrackerDecision,
} from "../../src/index.ts";
import { aProcess, definition, findCycle, lane as idOf, work } from "../builders.ts";

/** Something that somebody wants of the tracker, decided on the tracker as it stands then. */
export interface Intent {
  readonly name: string;
  decide(tracker: Tracker): TrackerDecision<never> | TrackerDecision<string | number | null>;
}

const LANES = ["a", "b", "c"];
const TOKENS = ["t1", "t2", "t3", "t4"];
const HEADS = ["h1", "h2"];
const ENDS: readonly AttemptOutcome[] = [
  { outcome: "exited", code: 0, signal: null },
  { outcome: "exited", code: 1, signal: null },
  { outcome: "stopped", code: null, signal: "SIGTERM", reason: "asked" },
  { outcome: "unknown", code: null, signal: null },
];

interface Dice {
  readonly id: string;
  readonly other: string;
  readonly token: string;
  readonly head: string;
  readonly end: AttemptOutcome;
  readonly flag: boolean;
  readonly epoch: number;
}

const dice: fc.Arbitrary<Dice> = fc.record({
  id: fc.constantFrom(...LANES),
  other: fc.constantFrom(...LANES),
  token: fc.constantFrom(...TOKENS),
  head: fc.constantFrom(...HEADS),
  end: fc.constantFrom(...ENDS),
  flag: fc.boolean(),
  epoch: fc.integer({ min: 0, max: 6 }),
});

const CALM: Dice = { id: "a", other: "a", token: "t1", head: "h1", end: ENDS[0]!, flag: false, epoch: 1 };

const retryAt = (flag: boolean) => (flag ? { retryAt: "2026-01-01T01:00:00.000Z" } : {});

/** Every decide function, and the facts that are recorded without one, with any arguments at any moment. */
const INTENTS: Record<string, (dice: Dice) => Intent["decide"]> = {
  initialise: () => (tracker) =>
    initialise(tracker, {
      mainRepo: "/repo",
      worktreesDir: "/repo/.worktrees",
      base: "refs/heads/main",
      configHash: "c",
    }),
  startDriver: () => (tracker) => startDriver(tracker, { identity: aProcess, command: "orch" }),
  endDriver:
    ({ epoch }) =>
    (tracker) =>
      endDriver(tracker, { epoch, why: "done" }),
  changePhase:
    ({ flag }) =>
    (tracker) =>
      changePhase(tracker, { phase: flag ? 3 : 4, status: "running" }),
  addLane:
    ({ id, other, flag }) =>
    (tracker) =>
      addLane(
        tracker,
        {
          lane: idOf(id),
          definition: definition({ dependsOn: other < id ? [idOf(other)] : [] }),
          attemptsAllowed: 2,
          replace: flag,
        },
        findCycle,
      ),
  prepare:
    ({ id, other }) =>
    (tracker) =>
      moveLane(tracker, {
        type: "lane-preparing",
        lane: idOf(id),
        worktree: `.worktrees/agent-${id}`,
        branch: `lane-${id}`,
        start: "s0",
        contains: other === id ? [] : [{ lane: idOf(other), head: "h1" }],
      }),
  ready:
    ({ id }) =>
    (tracker) =>
      moveLane(tracker, { type: "worktree-ready", lane: idOf(id), head: "s0" }),
  intend:
    ({ id, token }) =>
    (tracker) =>
      intendFresh(tracker, id, token),
  start:
    ({ id, token }) =>
    (tracker) =>
      startAttempt(tracker, { lane: idOf(id), token, supervisor: aProcess }),
  startLast:
    ({ id }) =>
    (tracker) =>
      startAttempt(tracker, { lane: idOf(id), token: lastToken(tracker, id), supervisor: aProcess }),
  adopt:
    ({ id }) =>
    (tracker) =>
      adoptAttempt(tracker, { lane: idOf(id), token: lastToken(tracker, id), supervisor: aProcess }),
  end:
    ({ id, token, end }) =>
    (tracker) =>
      endAttempt(tracker, { lane: idOf(id), token, end }),
  endLast:
    ({ id, end }) =>
    (tracker) =>
      endAttempt(tracker, { lane: idOf(id), token: lastToken(tracker, id), end }),
  abandon:
    ({ id }) =>
    (tracker) =>
      abandonAttempt(tracker, { lane: idOf(id), token: lastToken(tracker, id), reason: "late" }),
  fail:
    ({ id, flag }) =>
    (tracker) =>
      moveLane(tracker, { type: "attempt-failed", lane: idOf(id), cause: "x", reason: "x", ...retryAt(flag) }),
  complete:
    ({ id, head }) =>
    (tracker) =>
      moveLane(tracker, { type: "lane-completed", lane: idOf(id), work: work(head) }),
  park:
    ({ id, other }) =>
    (tracker) =>
      moveLane(tracker, {
        type: "lane-parked",
        lane: idOf(id),
        waits: [{ task: "T1", on: [other], reason: `T1 waits for ${other}` }],
      }),
  unpark:
    ({ id }) =>
    (tracker) =>
      moveLane(tracker, { type: "lane-unparked", lane: idOf(id) }),
  followRestack:
    ({ id, head }) =>
    (tracker) =>
      followRestack(tracker, { lane: idOf(id), from: "h1", head }),
  stop:
    ({ id }) =>
    (tracker) =>
      requestStop(tracker, { lane: idOf(id), reason: "asked" }),
  stopped:
    ({ id }) =>
    (tracker) =>
      recordStopped(tracker, { lane: idOf(id), reason: "asked" }),
  retry:
    ({ id, flag }) =>
    (tracker) =>
      requestRetry(tracker, { lane: idOf(id), fresh: flag, attempts: 2 }),
  intendLanding:
    ({ id, head, token }) =>
    (tracker) =>
      landStep(tracker, { type: "landing-intended", lane: idOf(id), head, from: "b0", candidate: token }),
  landed:
    ({ id, head, flag }) =>
    (tracker) =>
      landStep(tracker, { type: "lane-landed", lane: idOf(id), head, commit: "c", verified: flag }),
  abandonLanding:
    ({ id, token }) =>
    (tracker) =>
      abandonLanding(tracker, { lane: idOf(id), candidate: token, reason: "late" }),
  conflicted:
    ({ id, head }) =>
    (tracker) =>
      landStep(tracker, {
        type: "lane-conflicted",
        lane: idOf(id),
        conflict: { files: ["x"], with: [], onto: "b0", head },
      }),
  rejected:
    ({ id, head }) =>
    (tracker) =>
      landStep(tracker, { type: "lane-rejected", lane: idOf(id), head, onto: "b0", reason: "red", receipts: [] }),
  resolve:
    ({ id }) =>
    () =>
      happened({
        type: "resolve-started",
        lane: idOf(id),
        resolve: { path: `.worktrees/resolve-${id}`, branch: `resolve-${id}`, head: "h1", onto: "b0" },
      }),
  update:
    ({ id }) =>
    () =>
      happened({ type: "worktree-updated", lane: idOf(id), head: "h9", start: "s1" }),
  allocate:
    ({ id, epoch }) =>
    (tracker) =>
      moveLane(tracker, { type: "environment-allocated", lane: idOf(id), ports: { PORT: 21_000 + epoch }, name: id }),
  setUp:
    ({ id }) =>
    (tracker) =>
      moveLane(tracker, { type: "worktree-set-up", lane: idOf(id), key: "k", elapsedMs: 1 }),
  remove:
    ({ id, flag, epoch }) =>
    (tracker) =>
      removed(tracker, id, { isResolve: flag, number: epoch }),
  restore:
    ({ id, epoch }) =>
    () =>
      happened({ type: "worktree-restored", lane: idOf(id), number: epoch, path: `.worktrees/agent-${id}` }),
  reset:
    ({ epoch }) =>
    () =>
      epoch === 0 ? happened({ type: "tracker-reset" }) : { facts: [], outcome: null },
};

/** The ordinary way forward, so that random lives reach every state and not only refusals. */
function nextStep(id: string, way: number): Intent["decide"] {
  return (tracker) => {
    if (tracker.home === undefined) return INTENTS["initialise"]!(CALM)(tracker);
    const lane = findLane(tracker, id);
    const ways = lane === undefined ? ["addLane"] : NEXT[lane.state];
    const name = ways[way % ways.length] ?? "initialise";
    return INTENTS[name]!({ ...CALM, id, other: id })(tracker);
  };
}

const NEXT: Record<Lane["state"], readonly string[]> = {
  pending: ["prepare"],
  preparing: ["ready"],
  ready: ["intend"],
  intended: ["startLast"],
  running: ["endLast"],
  settling: ["complete", "complete", "fail", "park"],
  retrying: ["intend"],
  parked: ["intend", "unpark"],
  completed: ["intendLanding", "landed", "conflicted", "rejected", "abandonLanding"],
  failed: ["retry"],
  stopped: ["retry"],
};

const anything: fc.Arbitrary<Intent> = fc
  .tuple(fc.constantFrom(...Object.keys(INTENTS)), dice)
  .map(([name, rolled]) => ({ name: `${name} ${rolled.id}`, decide: INTENTS[name]!(rolled) }));

const forward: fc.Arbitrary<Intent> = fc
  .tuple(fc.constantFrom(...LANES), fc.nat({ max: 14 }))
  .map(([id, way]) => ({ name: `next ${id}`, decide: nextStep(id, way) }));

/** What people, drivers and supervisors may want, in any order, some of it late and some of it twice. */
export const randomLife: fc.Arbitrary<readonly Intent[]> = fc.array(
  fc.oneof({ weight: 3, arbitrary: forward }, { weight: 1, arbitrary: anything }),
  { maxLength: 80, size: "max" },
);

function lastToken(tracker: Tracker, id: string): string {
  return findLane(tracker, id)?.attempts.at(-1)?.token ?? "none";
}

/** Tokens are never used twice; that is the token source's promise, not the tracker's. */
function intendFresh(tracker: Tracker, id: string, token: string) {
  const used = findLane(tracker, id)?.attempts.length ?? 0;
  return intendAttempt(tracker, { lane: idOf(id), token: used === 0 ? token : `${token}-${used}`, agent: "claude" });
}

function removed(tracker: Tracker, id: string, { isResolve, number }: { isResolve: boolean; number: number }) {
  const lane = findLane(tracker, id);
  if (lane === undefined || isActive(lane)) return { facts: [], outcome: null };
  const path = `.worktrees/${isResolve ? "resolve" : "agent"}-${id}`;
  return happened({ type: "worktree-removed", lane: idOf(id), path, number, rescue: "r", trash: "t", why: "cleanup" });
}
