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
import { LIMITS } from "../files/limits.ts";
import { RULES } from "../files/rules.ts";
import type { World } from "../files/world.ts";

/** Which journal is looked at or rebuilt, and with whose files, locks and clock: this machine's, unless told. */
export interface RepairOptions {
  /** The folder of the store, `<git common dir>/orch`. */
  readonly folder: string;
  /** Paths of the views: what they hold was durable. */
  readonly views: readonly string[];
  /** Of the machine that folds this journal. */
  readonly machineVersion: number;
  readonly files?: FileSystem;
  readonly locks?: Locks;
  readonly clock?: Clock;
  /** How long is waited before damage is looked at again: 300 ms. */
  readonly againMs?: number;
}

export function repairWorld(options: RepairOptions): World {
  return {
    files: options.files ?? nodeFiles,
    locks: options.locks ?? fileLocks,
    clock: options.clock ?? systemClock,
    token: randomToken,
    boot: bootId(),
    by: "orch doctor",
    limits: LIMITS,
    rules: RULES,
    wait: (milliseconds) => pause(milliseconds),
    later: () => ({ cancel: () => undefined }),
    isDead: (identity) => livenessOf(identity) === "dead",
  };
}
