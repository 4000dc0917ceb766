import { isOrchardError, isoTime, type LaneId } from "@orchard/kernel";
import { admit, type NodeState } from "@orchard/scheduler";
import {
  changePhase,
  isActive,
  isLanded,
  isWaiting,
  type Lane,
  lanesInOrder,
  type RepositoryState,
  type Tracker,
} from "@orchard/tracker-core";
import { sayLimits } from "../environment/say-limits.ts";
import { interrupted, lanesWaitForEver } from "../errors.ts";
import { laneGraph, laneNodeState } from "../explain/lane-graph.ts";
import { tasksThatWait } from "../explain/why-lane.ts";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { watchChanges } from "../orchard/when-tracker.ts";
import { requireAgents } from "./agent-choice.ts";
import { carryLane } from "./carry-lane.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import { giveClaimsBack } from "./give-claims-back.ts";
import { lanesInCircle, lanesUnderWay } from "./lanes-in-circle.ts";
import { isWanted, type Only } from "./only.ts";
import { requireRoom } from "./room.ts";
import { specLook } from "./spec-look.ts";

/**
 * How lanes stand after they were executed, when nothing runs any more and nothing can start. What had ended before and was
 * not tried again is in no list, unless by a driver that was cut off in the middle of the same.
 */
export interface Executed {
  readonly completed: readonly LaneId[];
  readonly failed: readonly LaneId[];
  readonly stopped: readonly LaneId[];
  /** Not started, or parked: what they need did not come about. */
  readonly blocked: readonly LaneId[];
  /** Of the blocked lanes of spec tasks: what their tasks wait for. */
  readonly waiting: readonly { readonly lane: LaneId; readonly reason: string }[];
}

/** How long the loop sleeps at most; a change in the journal wakes it at once. */
const LONGEST_NAP = 1_000;

/**
 * Starts every lane whose dependencies are done, `maxParallel` at a time, and carries each to its end; one of spec tasks
 * as soon as one of its tasks can be started, and anew whenever one can that could not before. What an
 * earlier driver left half done is taken up first. `only`: these lanes and nothing else; `phase`: the one they are of. Ends when nothing runs
 * and nothing can start; throws `INTERRUPTED` when the person interrupts, leaving agents at work.
 */
export async function executeLanes(
  driver: Driver,
  options: ExecuteOptions & { readonly maxParallel: number; readonly only?: Only; readonly phase?: 1 | 2 | 3 },
): Promise<Executed> {
  const { orchard } = driver;
  const { phase = 3 } = options;
  await requireAgents(driver.orchard, options);
  await sayLimits(orchard);
  const before = overBefore(await orchard.tracker(), phase);
  await driver.record(`execute: phase ${phase}`, (tracker) => changePhase(tracker, { phase, status: "running" }));
  const carried = new Map<LaneId, Promise<void>>();
  const faults: unknown[] = [];
  // A fault (a full disk, a newer driver) ends this driver's waiting at once; agents that run go on without it.
  const halt = new AbortController();
  const carrier: Driver = { ...driver, interrupted: AbortSignal.any([driver.interrupted, halt.signal]) };
  await giveClaimsBack(orchard);
  using changes = watchChanges(orchard, carrier.interrupted);
  const look = specLook(orchard);
  const carry = (id: LaneId) => {
    before.delete(id);
    const done = carryLane(carrier, id, options)
      .catch((fault: unknown) => {
        faults.push(fault);
        halt.abort();
      })
      .finally(() => {
        carried.delete(id);
        changes.changed();
      });
    carried.set(id, done);
  };
  let circle: string | undefined;
  for (;;) {
    const mark = changes.mark();
    const stopping = carrier.interrupted.aborted;
    if (!stopping) await look();
    const { state } = await orchard.folded();
    circle = tellCircle(orchard, state, circle);
    if (!stopping) for (const id of await startable(driver, state, carried, options)) carry(id);
    if (carried.size === 0 && (stopping || !somethingFollows(state, options.only))) break;
    await changes.since(mark, LONGEST_NAP);
  }
  if (faults.length > 0) throw firstFault(faults);
  const { state } = await orchard.folded();
  if (driver.interrupted.aborted) throw interrupted(lanesInOrder(state.tracker).filter(hasAgent).length);
  const executed = summary(state, (id) => isWanted(options.only, id) && !before.has(id), orchard.ports.clock.now());
  // What probes found has yet to land, and a draft to be read.
  if (phase === 3) {
    await driver.record("execute: ended", (now) => changePhase(now, { phase, status: statusAfter(executed) }));
  }
  return executed;
}

/**
 * The lanes that this execution has no part in unless they are tried again. One that was cut off goes on as the same: what
 * has ended since its phase began is of it.
 */
function overBefore({ phase: at, status, phaseSince, lanes }: Tracker, phase: number): Set<LaneId> {
  const since = at === phase && status === "running" ? phaseSince : undefined;
  const isOurs = (lane: Lane) =>
    isActive(lane) || isWaiting(lane) || (since !== undefined && lane.stateChangedAt >= since);
  return new Set(Object.values(lanes).flatMap((lane) => (isOurs(lane) ? [] : [lane.id])));
}

/** Lanes that can never go on are named once: settings and task files may have changed since they were added. */
function tellCircle(orchard: Orchard, state: RepositoryState, told: string | undefined): string | undefined {
  const circle = lanesInCircle(state.progress, lanesUnderWay(state));
  if (circle === undefined) return told;
  const { message, hint } = lanesWaitForEver(circle);
  if (message !== told) orchard.ports.report({ type: "warning", text: message, ...(hint && { hint }) });
  return message;
}

/** An agent of it works, or is about to. */
function hasAgent({ state }: Lane): boolean {
  return state === "running" || state === "intended";
}

async function startable(
  driver: Driver,
  state: RepositoryState,
  carried: ReadonlyMap<LaneId, Promise<void>>,
  options: { readonly maxParallel: number; readonly only?: Only },
): Promise<readonly LaneId[]> {
  const { tracker } = state;
  const leftBehind = lanesInOrder(tracker).filter(
    (lane) => isWanted(options.only, lane.id) && isActive(lane) && !carried.has(lane.id),
  );
  const slots = options.maxParallel - carried.size - leftBehind.length;
  const taken = leftBehind.map(({ id }) => id);
  if (slots <= 0 || !(await requireRoom(driver))) return taken;
  const now = isoTime(driver.orchard.ports.clock.now());
  const stateOf = wantedState(state, options.only, now);
  const admitted = admit(laneGraph(tracker), {
    slots,
    stateOf: (id) => (carried.has(id as LaneId) ? "running" : stateOf(id)),
  });
  return [...taken, ...(admitted as readonly LaneId[]).filter((id) => !carried.has(id))];
}

/** Whether anything is under way, could start now, or once its back-off is over. `only`: of these lanes. */
export function somethingFollows(state: RepositoryState, only?: Only): boolean {
  const { tracker } = state;
  if (lanesInOrder(tracker).some((lane) => isActive(lane) && isWanted(only, lane.id))) return true;
  return admit(laneGraph(tracker), { slots: 1, stateOf: wantedState(state, only, END_OF_TIME) }).length > 0;
}

const END_OF_TIME = "9999-12-31T23:59:59.999Z";

/** Where some lanes alone are wanted, no other waits for a turn before or after them. */
function wantedState(state: RepositoryState, only: Only | undefined, now: string): (id: string) => NodeState {
  const stateOf = laneNodeState(state, now);
  return (id) => {
    const found = stateOf(id);
    return !isWanted(only, id as LaneId) && found === "waiting" ? "held" : found;
  };
}

function summary(state: RepositoryState, isAsked: (lane: LaneId) => boolean, now: number): Executed {
  const wanted = lanesInOrder(state.tracker).filter((lane) => isAsked(lane.id) && !isLanded(lane));
  const inState = (word: Lane["state"]) => wanted.filter((lane) => lane.state === word).map(({ id }) => id);
  return {
    completed: inState("completed"),
    failed: inState("failed"),
    stopped: inState("stopped"),
    blocked: wanted.filter(isWaiting).map(({ id }) => id),
    waiting: wanted.filter(isWaiting).flatMap((lane) => {
      const reasons = tasksThatWait(state, lane, now).map(({ reason }) => reason);
      return reasons.length === 0 ? [] : [{ lane: lane.id, reason: reasons.join("; ") }];
    }),
  };
}

function statusAfter(executed: Executed) {
  return executed.failed.length + executed.stopped.length + executed.blocked.length > 0 ? "failed" : "completed";
}

function firstFault(faults: readonly unknown[]): unknown {
  return faults.find((fault) => isOrchardError(fault, "STALE_DRIVER")) ?? faults[0];
}
