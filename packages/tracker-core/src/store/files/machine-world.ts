import { setTimeout as pause } from "node:timers/promises";
import {
  bootId,
  type FileSystem,
  fileLocks,
  type Locks,
  livenessOf,
  nodeFiles,
  randomToken,
  systemClock,
} from "@orchard/host";
import type { Clock } from "@orchard/kernel";
import { LIMITS } from "./limits.ts";
import { RULES } from "./rules.ts";
import type { World } from "./world.ts";

/** What may stand in the place of this machine's own. */
export interface OutsideParts {
  readonly files?: FileSystem | undefined;
  readonly locks?: Locks | undefined;
  readonly clock?: Clock | undefined;
}

/** This machine, as the files adapter touches it. `by` says who writes: it stands in every record. */
export function machineWorld({ files, locks, clock }: OutsideParts, by: string): World {
  return {
    files: files ?? nodeFiles,
    locks: locks ?? fileLocks,
    clock: clock ?? systemClock,
    token: randomToken,
    boot: bootId(),
    by,
    limits: LIMITS,
    rules: RULES,
    wait: (milliseconds) => pause(milliseconds),
    later,
    isDead: (identity) => livenessOf(identity) === "dead",
  };
}

function later(milliseconds: number, task: () => void): { cancel(): void } {
  const timer = setTimeout(task, milliseconds).unref();
  return { cancel: () => clearTimeout(timer) };
}
