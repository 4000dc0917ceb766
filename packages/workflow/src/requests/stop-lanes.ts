import { join } from "node:path";
import { requestStop as askSupervisor, readAttempt } from "@orchard/agent-runner";
import { endTree, livenessOf } from "@orchard/host";
import type { LaneId } from "@orchard/kernel";
import {
  abandonAttempt,
  endAttempt,
  isActive,
  isWaiting,
  type Lane,
  lanesInOrder,
  lastAttempt,
  recordStopped,
  requestStop,
  requireLane,
} from "@orchard/tracker-core";
import { pinWorktree } from "@orchard/worktree-git";
import { endDriverProcess } from "../clean/end-driver-process.ts";
import { laneFault } from "../execute/lane-fault.ts";
import { activeDriver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { record } from "../orchard/record.ts";
import { whenTracker } from "../orchard/when-tracker.ts";
import { endOldVerifications } from "../verify/leftovers.ts";

/** What became of the lanes that were to stop, each in one of the lists. */
export interface Stopped {
  readonly stopped: readonly LaneId[];
  /** Lanes in which there was nothing to stop. */
  readonly idle: readonly LaneId[];
  /** Asked to stop and not ended within 45 s. */
  readonly ending: readonly LaneId[];
}

const LONGEST_STOP = 45_000;

/**
 * Ends the agents of one lane, or of all: politely, then TERM, then KILL, the whole process tree. What they
 * committed and staged is pinned first, and all work stays in the worktree. A running driver acts on the recorded
 * wish; without one this command acts itself. Without a lane the driver is ended too, so that nothing new starts.
 */
export async function stopLanes(orchard: Orchard, only: LaneId | undefined, reason: string): Promise<Stopped> {
  if (only === undefined) await endOtherDriver(orchard);
  const tracker = await orchard.tracker();
  if (only !== undefined) requireLane(tracker, only);
  const wanted = lanesInOrder(tracker).filter((lane) =>
    only === undefined ? isActive(lane) || (isWaiting(lane) && lane.state !== "pending") : lane.id === only,
  );
  const asked: LaneId[] = [];
  const idle: LaneId[] = [];
  for (const lane of wanted) {
    if (lane.state === "running") await pinWork(orchard, lane);
    const { outcome } = await record(orchard, `stop ${lane.id}`, (now) => requestStop(now, { lane: lane.id, reason }));
    (outcome === "nothing" ? idle : asked).push(lane.id);
  }
  const ended = await Promise.all(asked.map((id) => seeItEnd(orchard, id, reason)));
  const ending = asked.filter((_, index) => ended[index] !== true);
  return { stopped: asked.filter((id) => !ending.includes(id)), idle, ending };
}

async function endOtherDriver(orchard: Orchard): Promise<void> {
  const driver = activeDriver(await orchard.tracker());
  if (driver !== undefined && driver.identity.pid !== process.pid) await endDriverProcess(driver.identity);
}

/** Of a worktree that its agent damaged nothing can be pinned; the agent is ended all the same, and its files stay. */
async function pinWork(orchard: Orchard, lane: Lane): Promise<void> {
  if (lane.worktree === undefined) return;
  const path = join(orchard.place.mainRoot, lane.worktree.path);
  try {
    await pinWorktree(await orchard.repository(), { path, name: lane.id });
  } catch (error) {
    const fault = laneFault(error, { folder: path, cause: "not-pinned" });
    if (fault === undefined) throw error;
    orchard.ports.report({ type: "warning", text: `lane ${lane.id} was not pinned: ${fault.reason}` });
  }
}

async function seeItEnd(orchard: Orchard, id: LaneId, reason: string): Promise<true | undefined> {
  const deadline = AbortSignal.timeout(LONGEST_STOP);
  return whenTracker(
    orchard,
    async (tracker) => {
      const lane = requireLane(tracker, id);
      if (!isActive(lane)) return true;
      if (activeDriver(tracker) === undefined) await actWithoutDriver(orchard, lane, reason);
      return undefined;
    },
    { signal: deadline, everyMs: 200 },
  );
}

async function actWithoutDriver(orchard: Orchard, lane: Lane, reason: string): Promise<void> {
  const token = lastAttempt(lane.attempts)?.token ?? "";
  const named = { lane: lane.id, token };
  if (lane.state === "running") return endRunning(orchard, named, reason);
  // Of a dead driver: what set the worktree up, or verified the work.
  await endOldVerifications(join(orchard.place.worktreesDir, "verify"));
  await record(orchard, `lane ${lane.id} stopped`, (tracker) => {
    const now = requireLane(tracker, lane.id);
    const abandoned = now.state === "intended" ? abandonAttempt(tracker, { ...named, reason }).facts : [];
    const stopped = recordStopped(tracker, { lane: lane.id, reason });
    return { facts: [...abandoned, ...stopped.facts], outcome: null };
  });
}

async function endRunning(orchard: Orchard, named: { lane: LaneId; token: string }, reason: string): Promise<void> {
  const folder = join(orchard.place.attemptsDir, named.token);
  await askSupervisor(folder, reason);
  const attempt = await readAttempt(folder);
  if (attempt.supervisor !== undefined && livenessOf(attempt.supervisor) !== "dead") return;
  // Also of an agent that is dead: what it left in the background carries its mark.
  if (attempt.agent !== undefined) {
    await endTree(attempt.agent, { graceMs: 5_000, mark: { variable: "ORCH_ATTEMPT", value: named.token } });
  }
  const end = { outcome: "stopped", code: null, signal: null, reason } as const;
  await record(orchard, `lane ${named.lane}: attempt ended`, (tracker) => endAttempt(tracker, { ...named, end }));
}
