import type { Instant } from "../../domain/instant.ts";
import type { Claim } from "../../domain/task.ts";

/**
 * `jumped`: the lease has run out, but the clocks tell that the machine slept or that time was set meanwhile. Its holder
 * had no time to show that it lives, so it gets a period of grace from when somebody notices (`grantGrace`).
 */
export type LeaseVerdict = "runs" | "jumped" | "ended";

/**
 * Whether the lease of `claim` has run out: by wall time and, within its boot, by boot time too, and not within the grace
 * after a jump (store.md, order and time). After a reboot every process of before is dead: nobody is left to be spared.
 */
export function judgeLease(claim: Claim, now: Instant): LeaseVerdict {
  const renewed = renewedOf(claim);
  if (!isOver(renewed, now, claim.leaseMs)) return "runs";
  const looked = claim.grace ?? renewed;
  if (hasJumped(looked, now)) return "jumped";
  return claim.grace === undefined || isOver(claim.grace, now, graceMs(claim)) ? "ended" : "runs";
}

/** How long a holder may stay silent after a jump was noticed: 5 min, and never longer than its lease. */
export function graceMs({ leaseMs }: Pick<Claim, "leaseMs">): number {
  return Math.min(leaseMs, 5 * 60_000);
}

function renewedOf({ renewedAt, renewedSinceBoot, renewedAwake, boot }: Claim): Instant {
  return { at: renewedAt, sinceBoot: renewedSinceBoot, awake: renewedAwake, boot };
}

function isOver(since: Instant, now: Instant, ms: number): boolean {
  const byWall = Date.parse(now.at) - Date.parse(since.at) > ms;
  const byBoot = now.boot !== since.boot || now.sinceBoot - since.sinceBoot > ms;
  return byWall && byBoot;
}

function hasJumped(since: Instant, now: Instant): boolean {
  if (since.boot !== now.boot) return false;
  const passed = now.sinceBoot - since.sinceBoot;
  const byWall = Date.parse(now.at) - Date.parse(since.at);
  const awake = since.awake === undefined || now.awake === undefined ? passed : now.awake - since.awake;
  return passed - awake > JUMP_MS || byWall - passed > JUMP_MS;
}

/** What clocks drift, or are set by, without anybody having been kept from anything. */
const JUMP_MS = 30_000;
