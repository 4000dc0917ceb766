import { checkBase } from "./checks/check-base.ts";
import { checkExcludes } from "./checks/check-excludes.ts";
import { checkHalfDone } from "./checks/check-half-done.ts";
import { checkLeftovers } from "./checks/check-leftovers.ts";
import { checkLocks } from "./checks/check-locks.ts";
import { checkMachine } from "./checks/check-machine.ts";
import { checkPlace } from "./checks/check-place.ts";
import { checkProcesses } from "./checks/check-processes.ts";
import { checkSettings } from "./checks/check-settings.ts";
import { checkViews } from "./checks/check-views.ts";
import { checkWorktrees } from "./checks/check-worktrees.ts";
import type { Check } from "./patient.ts";

/**
 * Every check, in the order in which repairs must come: what was cut off before what it was about, locks before those who
 * need them. The journal is looked at before all of them.
 */
export const CHECKS: readonly Check[] = [
  checkLocks,
  checkPlace,
  checkHalfDone,
  checkWorktrees,
  checkProcesses,
  checkBase,
  checkExcludes,
  checkViews,
  checkSettings,
  checkLeftovers,
  checkMachine,
];
