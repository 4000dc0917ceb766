import { FileStore } from "./files/file-store.ts";
import { machineWorld, type OutsideParts } from "./files/machine-world.ts";
import type { Machine } from "./record.ts";
import type { Store } from "./store.ts";
import type { View } from "./view.ts";

/** Which journal is opened, what folds it, and with whose files, locks and clock: this machine's, unless told. */
export interface OpenFileStoreOptions<State> extends OutsideParts {
  /** The folder that {@link createFileStore} made, `<git common dir>/orch`. */
  readonly folder: string;
  readonly machine: Machine<State>;
  /** The files that are kept beside the journal for this state. */
  readonly views: (state: State) => readonly View<State>[];
  /** Who writes: stands in every record. */
  readonly by: string;
  /** Told when a view had been changed by somebody else, and where a copy of that was kept. */
  readonly keptAside?: (view: string, copy: string) => void;
}

/**
 * Opens the journal of a repository. Cheap: reads the newest fold and what came after it. Throws `STORE_MISSING` when none
 * was made, `JOURNAL_DAMAGED` when nothing of it can be read, `STORE_REPLACED` never at once.
 */
export async function openFileStore<State>(options: OpenFileStoreOptions<State>): Promise<Store<State>> {
  const { folder, machine, views, by, keptAside = () => undefined } = options;
  const store = new FileStore(machineWorld(options, by), { folder, machine, views, keptAside });
  await store.open();
  return store;
}
