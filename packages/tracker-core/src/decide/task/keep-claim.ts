import { isoTime } from "@orchard/kernel";
import type { Instant } from "../../domain/instant.ts";
import type { Progress } from "../../domain/progress.ts";
import type { Claim } from "../../domain/task.ts";
import { type ClaimProof, type ProgressDecision, requireClaim, requireTask, type TaskName } from "./decision.ts";
import { judgeLease } from "./judge-lease.ts";

/** The holder lives and works on. Ends `block`. */
export function renewClaim(
  progress: Progress,
  intent: TaskName & { readonly proof: ClaimProof; readonly now: Instant },
): ProgressDecision {
  const { epoch } = requireClaim(progress, intent, intent.proof);
  const { spec, task, now } = intent;
  const { sinceBoot, boot, awake } = now;
  const fact = { type: "claim-renewed", spec, task, epoch, sinceBoot, boot, awake, byHolder: true } as const;
  return { facts: [fact], outcome: null };
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
  const awake = awakeAt(claim, intent.signAt, now);
  const seen = { sinceBoot: Math.max(0, sinceBoot - ago), boot, awake, at, byHolder: false };
  return { facts: [{ type: "claim-renewed", spec, task, epoch, ...seen }], outcome: null };
}

/** Nobody looked when the sign was given: whatever the machine slept since the last renewal counts as slept after it. */
function awakeAt(claim: Claim, signAt: string, now: Instant): number | undefined {
  if (now.awake === undefined || claim.renewedAwake === undefined || claim.boot !== now.boot) return now.awake;
  return Math.min(now.awake, claim.renewedAwake + Math.max(0, Date.parse(signAt) - Date.parse(claim.renewedAt)));
}

/** Somebody noticed that the clocks jumped within the lease that `renewedAt` began: its holder gets its grace from now. */
export function grantGrace(
  progress: Progress,
  intent: TaskName & { readonly epoch: number; readonly renewedAt: string; readonly now: Instant },
): ProgressDecision {
  const claim = requireTask(progress, intent).record?.claim;
  if (claim?.epoch !== intent.epoch || claim.renewedAt !== intent.renewedAt) return { facts: [], outcome: null };
  if (judgeLease(claim, intent.now) !== "jumped") return { facts: [], outcome: null };
  const { spec, task, epoch, now } = intent;
  const { sinceBoot, boot, awake } = now;
  return { facts: [{ type: "claim-graced", spec, task, epoch, sinceBoot, boot, awake }], outcome: null };
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
