import { livenessOf, readProcessRow } from "@orchard/host";
import { isoTime, printableLine } from "@orchard/kernel";
import {
  type Claim,
  findLane,
  type HolderVerdict,
  type Instant,
  isActive,
  isWaiting,
  judgeLease,
  type Tracker,
} from "@orchard/tracker-core";
import { lastActivity, readWorktrees } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import { findWorktreeId } from "./open-desk.ts";

/**
 * What has become of a claim's holder, judged only because somebody else wants the task: a dead one is told from one that
 * stands still and one that is slow. A living process, a lane that is at work and any file, commit or index that changed
 * within the lease are signs of life.
 */
export async function judgeHolder(orchard: Orchard, claim: Claim, now: Instant): Promise<HolderVerdict> {
  const { epoch, renewedAt } = claim;
  // What ran before a reboot is over, and may go on: then the lease alone decides.
  const isOfThisBoot = claim.process?.bootId === now.boot;
  const ofProcess = claim.process === undefined || !isOfThisBoot ? "unknown" : livenessOf(claim.process);
  if (ofProcess === "dead")
    return { kind: "gone", epoch, renewedAt, why: `its process ${claim.process?.pid} has ended` };
  const lane = laneVerdict(await orchard.tracker(), claim);
  if (lane !== undefined)
    return lane.ended ? { kind: "gone", epoch, renewedAt, why: lane.why } : { kind: "holds", epoch };
  const path = await whereNow(orchard, claim);
  if (path === undefined)
    return { kind: "gone", epoch, renewedAt, why: `its worktree ${printableLine(claim.place.path)} is gone` };
  const { at } = await lastActivity(await orchard.repository(), path);
  const signAt = at !== undefined && at > renewedAt ? at : undefined;
  const lease = judgeLease(claim, now);
  if (lease === "jumped") return { kind: "holds", epoch, jumped: true };
  if (lease === "runs") return { kind: "holds", epoch, signAt };
  if (signAt !== undefined && judgeLease(seenAt(claim, signAt, now), now) !== "ended") {
    return { kind: "holds", epoch, signAt };
  }
  const stopped = claim.process !== undefined && readProcessRow(claim.process.pid)?.state === "stopped";
  // A process that runs and shows nothing may be thinking; one that was stopped does nothing until it is continued.
  if (ofProcess === "alive" && !stopped) return { kind: "holds", epoch, signAt: now.at };
  const minutes = Math.round(claim.leaseMs / 60_000);
  const why = stopped ? "its process is stopped" : `it gave no sign of life for ${minutes} min`;
  return { kind: "gone", epoch, renewedAt, why };
}

/** Where the claim's worktree stands today: people move and remove worktrees. */
async function whereNow(orchard: Orchard, { place }: Claim): Promise<string | undefined> {
  if ((await findWorktreeId(place.path)) === place.worktree) return place.path;
  const { worktrees } = await readWorktrees(await orchard.repository());
  for (const { path } of worktrees) if ((await findWorktreeId(path)) === place.worktree) return path;
  return undefined;
}

function laneVerdict(tracker: Tracker, { place, since }: Claim) {
  const lane = place.lane === undefined ? undefined : findLane(tracker, place.lane);
  if (lane === undefined) return undefined;
  const ended = lane.attempts.at(-1)?.endedAt;
  if (isActive(lane) || (isWaiting(lane) && lane.state !== "pending")) return { ended: false, why: "" } as const;
  return ended !== undefined && ended > since
    ? ({ ended: true, why: `its lane is ${lane.state}` } as const)
    : undefined;
}

/** The claim as if it had been renewed at its holder's last sign of life. */
function seenAt(claim: Claim, signAt: string, now: Instant): Claim {
  const ago = Math.max(0, Date.parse(now.at) - Date.parse(signAt));
  const renewedAt = isoTime(Date.parse(now.at) - ago);
  const renewedSinceBoot = Math.max(0, now.sinceBoot - ago);
  return { ...claim, renewedAt, renewedSinceBoot, boot: now.boot, renewedAwake: undefined, grace: undefined };
}
