import type { Claim } from "../../domain/task.ts";
import type { Instant } from "./decision.ts";

/**
 * Whether the lease of `claim` has run out: by wall time and, within its boot, by boot time too, so that a clock that
 * jumps ends no claim (store.md, order and time).
 */
export function leaseHasEnded(claim: Claim, now: Instant): boolean {
  const byWall = Date.parse(now.at) - Date.parse(claim.renewedAt) > claim.leaseMs;
  const byBoot = now.boot !== claim.boot || now.sinceBoot - claim.renewedSinceBoot > claim.leaseMs;
  return byWall && byBoot;
}
