import { expect, test } from "vitest";
import { leaseHasEnded } from "../../../src/index.ts";
import { BOOT, claimOf, instant } from "../../task-builders.ts";

const { claim } = claimOf("T1", { leaseMs: 60_000 });

test.each([
  ["both clocks within the lease", 59, 59, BOOT, false],
  ["just at its end", 60, 60, BOOT, false],
  ["both clocks past it", 61, 61, BOOT, true],
  ["the wall clock jumped ahead", 3_600, 30, BOOT, false],
  ["the wall clock was set back", -3_600, 3_600, BOOT, false],
  ["after a reboot, within it", 30, 1, "next boot", false],
  ["after a reboot, past it", 61, 1, "next boot", true],
  ["after a reboot the boot time says nothing", 30, 3_600, "next boot", false],
])("%s", (_name, wall, sinceBoot, boot, ended) => {
  expect(leaseHasEnded(claim, { at: instant(wall).at, sinceBoot: sinceBoot * 1_000, boot })).toBe(ended);
});
