import type { OutsideParts } from "../files/machine-world.ts";

/** Which journal is looked at or rebuilt, and with whose files, locks and clock: this machine's, unless told. */
export interface RepairOptions extends OutsideParts {
  /** The folder of the store, `<git common dir>/orch`. */
  readonly folder: string;
  /** Paths of the views: what they hold was durable. */
  readonly views: readonly string[];
  /** Of the machine that folds this journal. */
  readonly machineVersion: number;
  /** How long is waited before damage is looked at again: 300 ms. */
  readonly againMs?: number;
}
