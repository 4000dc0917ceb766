import { expect, test } from "vitest";
import {
  type Claim,
  evolveProgress,
  grantGrace,
  type Instant,
  judgeLease,
  type Progress,
  type SpecFact,
  witnessClaim,
} from "../../../src/index.ts";
import { after, BOOT, claimOf, defined, instant, recordOf, SPEC, task } from "../../task-builders.ts";

const LEASE_MS = 60_000;
const { claim } = claimOf("T1", { leaseMs: LEASE_MS, renewedAwake: 0 });
const T1 = { spec: SPEC, task: "T1" } as const;

/** Seconds by each clock. */
function moment(wall: number, sinceBoot: number, awake: number | undefined, boot = BOOT): Instant {
  return { at: instant(wall).at, sinceBoot: sinceBoot * 1_000, boot, awake: awake && awake * 1_000 };
}

test.each([
  ["both clocks within the lease", 59, 59, 59, BOOT, "runs"],
  ["just at its end", 60, 60, 60, BOOT, "runs"],
  ["both clocks past it", 61, 61, 61, BOOT, "ended"],
  ["past it on a machine that does not tell what it slept", 3_600, 3_600, undefined, BOOT, "ended"],
  ["the wall clock jumped ahead", 3_600, 30, 30, BOOT, "runs"],
  ["the wall clock was set back", -3_600, 3_600, 3_600, BOOT, "runs"],
  ["the machine slept, and the lease ended meanwhile", 3_600, 3_600, 30, BOOT, "jumped"],
  ["it slept within the lease", 50, 50, 10, BOOT, "runs"],
  ["the clock was set ahead, and the lease ended by boot time too", 3_600, 61, 61, BOOT, "jumped"],
  ["clocks that only drift", 62, 61, 59, BOOT, "ended"],
  ["after a reboot, within it", 30, 1, 1, "next boot", "runs"],
  ["after a reboot, past it: nobody is left to be spared", 61, 1, 1, "next boot", "ended"],
  ["after a reboot the boot time says nothing", 30, 3_600, 30, "next boot", "runs"],
] as const)("%s", (_name, wall, sinceBoot, awake, boot, verdict) => {
  expect(judgeLease(claim, moment(wall, sinceBoot, awake, boot))).toBe(verdict);
});

test("negative control: by the lease alone a holder loses its claim while the machine sleeps", () => {
  const blind: Claim = { ...claim, renewedAwake: undefined };
  expect(judgeLease(blind, moment(3_600, 3_600, 30))).toBe("ended");
});

const held = after([defined([task("T1")]), claimOf("T1", { leaseMs: LEASE_MS, renewedAwake: 0 })]);

function grantedAt(progress: Progress, now: Instant): Progress {
  const renewedAt = recordOf(progress, "T1")?.claim?.renewedAt ?? "";
  return recorded(progress, grantGrace(progress, { ...T1, epoch: 1, renewedAt, now }).facts, now);
}

function recorded(progress: Progress, facts: readonly SpecFact[], now: Instant): Progress {
  return facts.reduce((state, fact) => evolveProgress(state, fact, now.at), progress);
}

const verdictAt = (progress: Progress, now: Instant) => {
  const there = recordOf(progress, "T1")?.claim;
  return there && judgeLease(there, now);
};

test("after a jump the holder is spared once, for a period of grace; silent through it, it loses the claim", () => {
  const spared = grantedAt(held, moment(3_600, 3_600, 30));
  expect(verdictAt(spared, moment(3_650, 3_650, 80))).toBe("runs");
  expect(verdictAt(spared, moment(3_661, 3_661, 91))).toBe("ended");
  // Whoever asks in between prolongs nothing.
  expect(grantedAt(spared, moment(3_650, 3_650, 80))).toBe(spared);
});

test("who sleeps again within the grace is spared again", () => {
  const spared = grantedAt(held, moment(3_600, 3_600, 30));
  expect(verdictAt(spared, moment(9_000, 9_000, 40))).toBe("jumped");
});

test("a grace of five minutes at most, however long the lease", () => {
  const long = after([defined([task("T1")]), claimOf("T1", { leaseMs: 36_000_000, renewedAwake: 0 })]);
  const spared = grantedAt(long, moment(72_000, 72_000, 30));
  expect(verdictAt(spared, moment(72_299, 72_299, 329))).toBe("runs");
  expect(verdictAt(spared, moment(72_301, 72_301, 331))).toBe("ended");
});

test("a sign of life ends the grace, and the lease runs anew; a later sleep is still noticed", () => {
  const spared = grantedAt(held, moment(3_600, 3_600, 30));
  const now = moment(3_620, 3_620, 50);
  const signed = recorded(spared, witnessClaim(spared, { ...T1, epoch: 1, signAt: instant(3_610).at, now }).facts, now);
  expect(recordOf(signed, "T1")?.claim?.grace).toBeUndefined();
  expect(verdictAt(signed, moment(3_669, 3_669, 99))).toBe("runs");
  expect(verdictAt(signed, moment(9_000, 9_000, 110))).toBe("jumped");
});

test("who was renewed or followed meanwhile is not spared for what was before", () => {
  const now = moment(3_600, 3_600, 30);
  const stale = { ...T1, epoch: 1, renewedAt: "2020-01-01T00:00:00.000Z", now };
  expect(grantGrace(held, stale).facts).toEqual([]);
  expect(grantGrace(held, { ...stale, epoch: 7, renewedAt: claim.renewedAt }).facts).toEqual([]);
});
