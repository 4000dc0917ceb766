import type { AttemptLimits } from "../attempt/attempt-plan.ts";

/** How long an agent has run and been quiet, in time that was really lived: what the machine slept does not count. */
export interface LivedTime {
  /** Time since boot at the last look, ms. */
  readonly looked: number;
  readonly lived: number;
  readonly quiet: number;
}

/** A longer gap between two looks is no time that the agent had: the machine slept, or we were stopped. */
export const LONGEST_GAP_MS = 30_000;

export function beginning(sinceBoot: number): LivedTime {
  return { looked: sinceBoot, lived: 0, quiet: 0 };
}

/**
 * The next look, which was to come `plannedMs` after the last. After a jump quiet starts anew: one whole grace period,
 * since nothing could show life meanwhile. Of a look that comes late no more counts as quiet than of two: what held us
 * up, a busy or halted machine, held up the agent too.
 */
export function look(time: LivedTime, sinceBoot: number, isActive: boolean, plannedMs: number): LivedTime {
  const gap = Math.max(0, sinceBoot - time.looked);
  if (gap > LONGEST_GAP_MS) return { looked: sinceBoot, lived: time.lived, quiet: 0 };
  const quiet = isActive ? 0 : time.quiet + Math.min(gap, 2 * plannedMs);
  return { looked: sinceBoot, lived: time.lived + gap, quiet };
}

/** Which limit is reached. Being idle must still be confirmed against the files of the working folder. */
export function reached(time: LivedTime, limits: AttemptLimits): "idle" | "overtime" | undefined {
  if (time.lived >= limits.totalMs) return "overtime";
  return time.quiet >= limits.idleMs ? "idle" : undefined;
}
