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
import { FileStore } from "./files/file-store.ts";
import { LIMITS } from "./files/limits.ts";
import { RULES } from "./files/rules.ts";
import type { Machine } from "./record.ts";
import type { Store } from "./store.ts";
import type { View } from "./view.ts";

/** Which journal is opened, what folds it, and with whose files, locks and clock: this machine's, unless told. */
export interface OpenFileStoreOptions<State> {
  /** The folder that {@link createFileStore} made, `<git common dir>/orch`. */
  readonly folder: string;
  readonly machine: Machine<State>;
  /** The files that are kept beside the journal for this state. */
  readonly views: (state: State) => readonly View<State>[];
  /** Who writes: stands in every record. */
  readonly by: string;
  readonly files?: FileSystem;
  readonly locks?: Locks;
  readonly clock?: Clock;
  /** Told when a view had been changed by somebody else, and where a copy of that was kept. */
  readonly keptAside?: (view: string, copy: string) => void;
}

/**
 * Opens the journal of a repository. Cheap: reads the newest fold and what came after it. Throws `STORE_MISSING` when none
 * was made, `JOURNAL_DAMAGED` when nothing of it can be read, `STORE_REPLACED` never at once.
 */
export async function openFileStore<State>(options: OpenFileStoreOptions<State>): Promise<Store<State>> {
  const { folder, machine, views, by, keptAside = () => undefined } = options;
  const world = {
    files: options.files ?? nodeFiles,
    locks: options.locks ?? fileLocks,
    clock: options.clock ?? systemClock,
    token: randomToken,
    boot: bootId(),
    by,
    limits: LIMITS,
    rules: RULES,
    wait: (milliseconds: number) => pause(milliseconds),
    later,
    isDead: (identity: Parameters<typeof livenessOf>[0]) => livenessOf(identity) === "dead",
  };
  const store = new FileStore(world, { folder, machine, views, keptAside });
  await store.open();
  return store;
}

function later(milliseconds: number, task: () => void): { cancel(): void } {
  const timer = setTimeout(task, milliseconds).unref();
  return { cancel: () => clearTimeout(timer) };
}
