import type { Random } from "@orchard/host/testing";
import type { Limits } from "../../src/store/files/limits.ts";
import { LIMITS } from "../../src/store/files/limits.ts";

/** What kind of history a seed makes: how many do what, how much goes wrong, and how small the sizes are. */
export interface Profile {
  readonly lanes: number;
  readonly intents: number;
  readonly runOn: number;
  readonly slowSync: number;
  /** How many of each may happen, and how likely any is at a step. */
  readonly kills: number;
  readonly stops: number;
  readonly cuts: number;
  readonly faults: number;
  readonly syncFaults: number;
  readonly jumps: number;
  readonly flips: number;
  readonly eventRate: number;
  readonly faultRate: number;
  readonly listens: boolean;
  readonly limits: Limits;
}

export function profileOf(random: Random): Profile {
  const listens = random.chance(0.4);
  const theme = random.pick(["anything", "anything", "quiet", "power cuts", "failed syncs"] as const);
  const some = (most: number) => (theme !== "quiet" && random.chance(0.5) ? random.below(most + 1) : 0);
  return {
    lanes: 2 + random.below(3),
    intents: 2 + random.below(5),
    runOn: random.pick([0, 0.3, 0.7, 0.9]),
    slowSync: random.pick([0, 0, 0.9, 0.98]),
    kills: some(3),
    stops: some(3),
    cuts: theme === "power cuts" || theme === "failed syncs" ? 2 : some(2),
    faults: some(3),
    syncFaults: theme === "failed syncs" ? 2 : theme === "anything" ? some(1) : 0,
    jumps: some(2),
    flips: theme === "anything" && random.chance(0.3) ? 1 : 0,
    eventRate: random.pick([0.01, 0.03, 0.08]),
    faultRate: theme === "failed syncs" ? 0.1 : random.pick([0.005, 0.02]),
    listens,
    limits: {
      ...LIMITS,
      recordBytes: 900,
      readBytes: 4096,
      segmentBytes: random.pick([500, 1500, 1_000_000]),
      // Who sleeps while segments go hears only of what is kept.
      keptSegments: listens ? 100 : 0,
      foldEvery: random.pick([2, 5, 1000]),
      foldBurst: random.pick([2, 5]),
      hashes: random.pick([3, 1000]),
      randomIds: random.pick([2, 100]),
      turnMs: 20,
      turnAfterMs: 0,
      tendMs: 10,
      viewMs: random.pick([1, 20]),
      restMs: 0,
      viewLag: random.pick([0, 3]),
      pollMs: 30,
    },
  };
}
