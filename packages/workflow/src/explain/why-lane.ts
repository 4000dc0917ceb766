import { isoTime, type LaneId } from "@orchard/kernel";
import { type Blocker, whyNot } from "@orchard/scheduler";
import {
  canGoOn,
  type Lane,
  type LaneMerge,
  laneStatus,
  laneTasks,
  lastAttempt,
  presentAttempts,
  type RejectionCause,
  type RepositoryState,
  requireLane,
  type Tracker,
  type WaitingTask,
} from "@orchard/tracker-core";
import { laneGraph, laneNodeState } from "./lane-graph.ts";

/** Where a lane stands, for people and for scripts. */
export interface Why {
  readonly lane: LaneId;
  readonly status: string;
  readonly state: string;
  /** One sentence: where the lane stands and why. */
  readonly sentence: string;
  /** What it waits for, root causes last. */
  readonly blockers: readonly Blocker[];
  /** Of a lane of spec tasks that has nothing to do now: what each of its open tasks waits for. */
  readonly waits: readonly WaitingTask[];
  /** The command that moves it on, when there is one. */
  readonly next: string | undefined;
}

/** Why a lane is where it is; pure. `refusal`: why no agent can be had for it. Throws `UNKNOWN_LANE`. */
export function whyLane(state: RepositoryState, id: string, now: number, refusal?: { readonly message: string }): Why {
  const { tracker } = state;
  const lane = requireLane(tracker, id);
  const isIdle = lane.state === "pending" || lane.state === "parked";
  const stateOf = laneNodeState(state, isoTime(now));
  const asked = (other: string) => (other === id ? "waiting" : stateOf(other));
  const blockers = isIdle ? whyNot(laneGraph(tracker), id, asked) : [];
  const waits = isIdle ? tasksThatWait(state, lane, now) : [];
  const { sentence, next } = explain(tracker, lane, { blockers, waits, refusal });
  return { lane: lane.id, status: laneStatus(tracker, lane), state: lane.state, sentence, blockers, waits, next };
}

/** What a lane of spec tasks waits for when it has nothing to do. */
export function tasksThatWait({ progress }: RepositoryState, lane: Lane, now: number): readonly WaitingTask[] {
  const tasks = laneTasks(progress, lane, isoTime(now));
  if (canGoOn(tasks)) return [];
  return tasks.flatMap((each) => {
    if (each.kind === "waits") return [{ task: each.task, on: each.on, reason: each.reason }];
    return each.kind === "failed" ? [{ task: each.task, on: [], reason: `${each.task} failed: ${each.reason}` }] : [];
  });
}

type Explained = { readonly sentence: string; readonly next?: string | undefined };

function explain(tracker: Tracker, lane: Lane, what: Waited): Explained & { next: string | undefined } {
  const { sentence, next } = explainState(tracker, lane, what);
  return { sentence: `Lane "${lane.id}" ${sentence}`, next };
}

interface Waited {
  readonly blockers: readonly { readonly on: string }[];
  readonly waits: readonly WaitingTask[];
  readonly refusal: { readonly message: string } | undefined;
}

function explainState(tracker: Tracker, lane: Lane, { blockers, waits, refusal }: Waited): Explained {
  const attempt = lastAttempt(lane.attempts);
  switch (lane.state) {
    case "pending":
      return waits.length > 0 && blockers.length === 0
        ? explainTasks(waits)
        : explainWaiting(tracker, blockers, refusal);
    case "parked":
      return waits.length > 0
        ? explainTasks(waits)
        : { sentence: "goes on: its tasks wait for nothing any more.", next: "orch execute" };
    case "preparing":
    case "ready":
    case "intended":
      return { sentence: `is about to start (${lane.state}).`, next: "orch status" };
    case "running":
      return {
        sentence: `is running: attempt ${attempt?.number} with ${attempt?.agent}.`,
        next: `orch logs ${lane.id} -f`,
      };
    case "settling":
      return { sentence: "has ended its attempt and is being verified.", next: "orch status" };
    case "retrying":
      return {
        sentence: `is tried again${lane.retryAt === undefined ? "" : ` after ${lane.retryAt}`}: ${lane.failure?.reason ?? "asked for"}.`,
        next: "orch execute",
      };
    case "failed":
      return {
        sentence: `failed: ${lane.failure?.reason ?? "unknown reason"}`,
        next: [...beforeRetry(lane), `orch retry ${lane.id}`].join(", then "),
      };
    case "stopped":
      return { sentence: `was stopped: ${lane.failure?.reason ?? ""}`, next: `orch retry ${lane.id}` };
    case "completed":
      return explainCompleted(lane);
  }
}

/** What helps before it is tried again: logs are there when an agent of it was started, or its set-up. */
function beforeRetry({ id, attempts, failure }: Lane): readonly string[] {
  if (failure?.cause === "worktree-damaged") return ["orch doctor --repair"];
  return presentAttempts(attempts).length > 0 || failure?.cause === "setup-failed" ? [`orch logs ${id}`] : [];
}

function explainWaiting(tracker: Tracker, blockers: Waited["blockers"], refusal: Waited["refusal"]): Explained {
  if (blockers.length === 0 && refusal !== undefined) {
    return { sentence: `has no agent: ${refusal.message}`, next: "orch agents" };
  }
  if (blockers.length === 0) return { sentence: "can start: nothing is in its way.", next: "orch execute" };
  const parts = [...new Set(blockers.map(({ on }) => on))].map((on) => {
    const other = tracker.lanes[on];
    return other === undefined ? `"${on}"` : `"${on}" (${laneStatus(tracker, other)})`;
  });
  return { sentence: `waits for ${parts.join(", ")}.`, next: `orch why ${blockers[0]?.on ?? ""}` };
}

function explainTasks(waits: readonly WaitingTask[]): Explained {
  const sentence = `can do nothing now: ${waits.map(({ reason }) => reason).join("; ")}.`;
  const on = waits.find((each) => each.on.length > 0)?.on[0];
  return { sentence, next: on === undefined ? "orch status" : `orbit-agent why ${on}` };
}

function explainCompleted(lane: Lane): Explained {
  const merge = lane.merge;
  switch (merge?.state) {
    case undefined:
      return lane.definition.draft === true
        ? { sentence: "has drafted a plan; it is read, and never lands." }
        : waitingToLand(lane);
    case "intended":
      return { sentence: "was landing when its driver ended.", next: "orch resume" };
    case "landed":
      return { sentence: `has landed as ${merge.commit.slice(0, 10)}${howVerified(merge)}.` };
    case "conflicted": {
      const other = merge.conflict.with.map((id) => `"${id}"`).join(", ");
      const sentence = `conflicts in ${merge.conflict.files.join(", ")}${other === "" ? "" : ` with ${other}, which landed first`}${merge.conflict.reason === undefined ? "" : `: ${merge.conflict.reason}`}.`;
      const next =
        merge.resolve === undefined
          ? "orch merge --resolve hand"
          : `resolve it in ${merge.resolve.path}, then orch merge`;
      return { sentence, next };
    }
    case "rejected":
      return { sentence: `was not landed: ${merge.reason}.`, next: afterRejection(lane, merge.cause) };
  }
}

function waitingToLand({ work }: Lane): Explained {
  return work?.onRedBase === undefined
    ? { sentence: "is done and waits to land.", next: "orch merge" }
    : {
        sentence: "is done, on a red base to which it adds no failure, and waits to land.",
        next: "orch merge --allow-red-base",
      };
}

function howVerified({ verified, evidence }: Extract<LaneMerge, { state: "landed" }>): string {
  if (evidence?.onRedBase !== undefined) return ", on a red base to which it adds no failure";
  return verified ? "" : ", unverified";
}

function afterRejection({ id }: Lane, cause: RejectionCause | undefined): string {
  return cause === "verify-timeout"
    ? `give it more time ("limits": {"verify": …} in orch.config.jsonc), then orch merge; or: orch retry ${id}`
    : `orch retry ${id}`;
}
