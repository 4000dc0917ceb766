import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { createFileStore, type Machine, openFileStore } from "@orchard/tracker-core";
import { lock } from "proper-lockfile";

/** One shared state of a given size: how often each writer updated it, and as much else as it takes. */
export interface State {
  readonly counts: Readonly<Record<string, number>>;
  readonly last: string;
  readonly ballast: readonly string[];
}

/** A way to update the state durably. */
export interface Side {
  prepare(folder: string, bytes: number): Promise<void>;
  open(
    folder: string,
    bytes: number,
  ): Promise<{ update(name: string, slowMs: number): Promise<void>; close(): Promise<void> }>;
  /** Updates that are there now. */
  total(folder: string, bytes: number): Promise<number>;
}

export const journal: Side = {
  prepare: (folder) => createFileStore({ folder: join(folder, "orch") }),
  async open(folder, bytes) {
    const store = await openFileStore(optionsFor(folder, bytes));
    return {
      update: async (name, slowMs) => {
        await store.transact({ stream: "updates", describe: `update ${name}` }, () => {
          decideFor(slowMs);
          return { facts: [{ type: "updated", name }], outcome: null };
        });
      },
      close: () => store.close(),
    };
  },
  async total(folder, bytes) {
    const store = await openFileStore(optionsFor(folder, bytes));
    const { state } = await store.read();
    await store.close();
    return sum(state.counts);
  },
};

/** proper-lockfile, tuned as far as it goes, around read, change, write, fsync, rename, fsync of the folder. */
export const lockfile: Side = {
  prepare: async (folder, bytes) => writeState(join(folder, "state.json"), initial(bytes)),
  async open(folder) {
    const file = join(folder, "state.json");
    return {
      update: async (name) => {
        const retries = { retries: 100_000, factor: 1.2, minTimeout: 1, maxTimeout: 20, randomize: true };
        const release = await lock(file, { retries, realpath: false });
        const state = JSON.parse(readFileSync(file, "utf8")) as State;
        const counts = { ...state.counts, [name]: (state.counts[name] ?? 0) + 1 };
        writeState(file, { ...state, counts, last: new Date().toISOString() });
        await release();
      },
      close: async () => undefined,
    };
  },
  total: async (folder) => sum((JSON.parse(readFileSync(join(folder, "state.json"), "utf8")) as State).counts),
};

export function viewIn(folder: string): string {
  return join(folder, "view.json");
}

function optionsFor(folder: string, bytes: number) {
  const machine: Machine<State> = {
    initial: initial(bytes),
    evolve: (state, { facts, at }) => {
      const [{ name = "" } = {}] = facts as readonly { readonly name?: string }[];
      return { ...state, counts: { ...state.counts, [name]: (state.counts[name] ?? 0) + 1 }, last: at };
    },
  };
  const view = { path: viewIn(folder), lock: `${viewIn(folder)}.lock`, render: (state: State) => ({ ...state }) };
  return { folder: join(folder, "orch"), machine, by: "benchmark", views: () => [view] };
}

function initial(bytes: number): State {
  return {
    counts: {},
    last: "",
    ballast: Array.from({ length: Math.ceil(bytes / 100) }, (_, n) => `${n}`.padEnd(96, "x")),
  };
}

function decideFor(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end) {}
}

function writeState(file: string, state: State): void {
  const temporary = `${file}.${process.pid}`;
  const descriptor = openSync(temporary, "w");
  writeSync(descriptor, JSON.stringify(state));
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(temporary, file);
  const folder = openSync(dirname(file), "r");
  fsyncSync(folder);
  closeSync(folder);
}

function sum(counts: State["counts"]): number {
  return Object.values(counts).reduce((total, each) => total + each, 0);
}
