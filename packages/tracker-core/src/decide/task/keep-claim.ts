import { isoTime } from "@orchard/kernel";
import type { Progress } from "../../domain/progress.ts";
import {
  type ClaimProof,
  type Instant,
  type ProgressDecision,
  requireClaim,
  requireTask,
  type TaskName,
} from "./decision.ts";

/** The holder lives and works on. Ends `block`. */
export function renewClaim(
  progress: Progress,
  intent: TaskName & { readonly proof: ClaimProof; readonly now: Instant },
): ProgressDecision {
  const { epoch } = requireClaim(progress, intent, intent.proof);
  const { spec, task, now } = intent;
  const { sinceBoot, boot } = now;
  return { facts: [{ type: "claim-renewed", spec, task, epoch, sinceBoot, boot, byHolder: true }], outcome: null };
}

/** Somebody else saw a sign of life of the holder: the lease runs from then on. Older than known: nothing. */
export function witnessClaim(
  progress: Progress,
  intent: TaskName & { readonly epoch: number; readonly signAt: string; readonly now: Instant },
): ProgressDecision {
  const claim = requireTask(progress, intent).record?.claim;
  if (claim?.epoch !== intent.epoch || intent.signAt <= claim.renewedAt) return { facts: [], outcome: null };
  const { spec, task, epoch, now } = intent;
  const { sinceBoot, boot } = now;
  const ago = Math.max(0, Date.parse(now.at) - Date.parse(intent.signAt));
  const at = isoTime(Date.parse(now.at) - ago);
  const seen = { sinceBoot: Math.max(0, sinceBoot - ago), boot, at, byHolder: false };
  return { facts: [{ type: "claim-renewed", spec, task, epoch, ...seen }], outcome: null };
}

/** The holder keeps the claim and waits for something outside. */
export function waitWithClaim(
  progress: Progress,
  intent: TaskName & { readonly proof: ClaimProof; readonly reason: string },
): ProgressDecision {
  const { epoch } = requireClaim(progress, intent, intent.proof);
  const { spec, task, reason } = intent;
  return { facts: [{ type: "claim-waiting", spec, task, epoch, reason }], outcome: null };
}
