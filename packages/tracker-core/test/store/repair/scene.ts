import { cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { createFileStore, type JournalRecord, type Store } from "@orchard/tracker-core";
import { expect } from "vitest";
import { FileStore } from "../../../src/store/files/file-store.ts";
import { LIMITS, type Limits } from "../../../src/store/files/limits.ts";
import { machineWorld } from "../../../src/store/files/machine-world.ts";
import type { World } from "../../../src/store/files/world.ts";
import type { Rebuilt } from "../../../src/store/repair/rebuild-journal.ts";
import { add, all, type Counts, count, counts } from "../store-contract.ts";

/** A journal on a real disk whose history is known, so that whatever is done to it can be compared with what it was. */
export interface Scene extends Disposable {
  readonly folder: string;
  readonly journal: string;
  readonly view: string;
  /** Options of examining and rebuilding it. */
  readonly repair: {
    readonly folder: string;
    readonly views: readonly string[];
    readonly machineVersion: number;
    readonly againMs: number;
  };
  /** Everything that was acknowledged, by number. */
  readonly before: ReadonlyMap<number, JournalRecord>;
  open(parts?: Partial<World>): Promise<Store<Counts>>;
  /** The same in a folder of its own. */
  copy(): Scene;
  /** Paths of the segments, oldest first. */
  segments(): readonly string[];
  /** Changes the bytes of a file. */
  damage(path: string, change: (bytes: Buffer) => Buffer | undefined): void;
  /** Blanks a part of the record with this number, beyond what one changed byte is. */
  tear(seq: number): void;
}

export async function scene(
  options: { readonly records?: number; readonly limits?: Partial<Limits> } = {},
): Promise<Scene> {
  const { path, ...temporary } = temporaryFolder("journal repair");
  const root = join(path, "a store");
  await createFileStore({ folder: join(root, "orch") });
  const before = new Map<number, JournalRecord>();
  const place = sceneAt(root, temporary, before, options.limits ?? {});
  const { records = 60 } = options;
  for (let done = 0; done < records; ) {
    // Folds and segments are looked after when a hold is given back.
    const store = await place.open();
    for (const until = Math.min(records, done + 10); done < until; done += 1) {
      const key = `k${done % 5}`;
      await store.transact(add(key), () => count(key, `number ${done}`));
    }
    await store.close();
  }
  const store = await place.open();
  for (const record of await all(store)) before.set(record.seq, record);
  await store.close();
  return place;
}

function sceneAt(
  root: string,
  disposable: Disposable,
  before: ReadonlyMap<number, JournalRecord>,
  limits: Partial<Limits>,
): Scene {
  const [folder, view] = [join(root, "orch"), join(root, "counts.json")];
  const journal = join(folder, "journal");
  const segments = () =>
    readdirSync(journal)
      .filter((name) => /^\d{12}(\.\d+)?\.ndjson$/.test(name))
      .sort()
      .map((name) => join(journal, name));
  const damage: Scene["damage"] = (file, change) => {
    const changed = change(readFileSync(file));
    if (changed !== undefined) writeFileSync(file, changed);
  };
  return {
    folder,
    journal,
    view,
    before,
    open: (parts) => openAt(folder, view, { ...parts, limits: { ...LIMITS, ...limits } }),
    copy: () => {
      const { path, ...folder } = temporaryFolder("copied journal");
      cpSync(root, path, { recursive: true });
      return sceneAt(path, folder, before, limits);
    },
    repair: { folder, views: [view], machineVersion: counts.version ?? 1, againMs: 1 },
    segments,
    damage,
    tear: (seq) => {
      for (const path of segments()) {
        damage(path, (bytes) => {
          const at = bytes.indexOf(`"seq":${seq},`);
          return at === -1 ? undefined : bytes.fill(0x20, at + 100, at + 120);
        });
      }
    },
    [Symbol.dispose]: () => disposable[Symbol.dispose](),
  };
}

async function openAt(folder: string, view: string, parts: Partial<World>): Promise<Store<Counts>> {
  const world: World = {
    ...machineWorld({}, "test"),
    wait: async () => undefined,
    later: () => ({ cancel: () => undefined }),
    ...parts,
  };
  const views = () => [{ path: view, lock: `${view}.lock`, render: (state: Counts) => state.counts }];
  const store = new FileStore<Counts>(world, { folder, machine: counts, views, keptAside: () => undefined });
  await store.open();
  return store;
}

/**
 * The promise: after a repair the journal can be read from one end to the other and written to, and every record that was
 * acknowledged is there as it was, or is named as lost. Returns the counts.
 */
export async function requireNothingDropped(
  place: Scene,
  { report }: Pick<Rebuilt, "report">,
): Promise<Counts["counts"]> {
  const store = await place.open();
  try {
    const lost = new Set(report.lost.map(({ seq }) => seq));
    const after = new Map((await all(store)).map((record) => [record.seq, record]));
    const dropped = [...place.before.values()].filter((record) => {
      const now = after.get(record.seq);
      const isSame = JSON.stringify(now) === JSON.stringify(record);
      const isClosing = record.facts[0]?.type === "segment-closed" && now?.facts[0]?.type === "segment-closed";
      return !isSame && !isClosing && !(lost.has(record.seq) && now?.facts[0]?.type === "record-lost");
    });
    expect(dropped.map(({ seq }) => seq)).toEqual([]);
    const { seq } = await store.read();
    const { recorded } = await store.transact(add("after"), () => count("after"));
    expect(recorded).toBe(true);
    expect((await store.read()).seq).toBe(seq + 1);
    return (await store.read()).state.counts;
  } finally {
    await store.close();
  }
}

/** What the counts would be if the records with these numbers had never been. */
export function countsWithout(place: Scene, lost: readonly number[]): Counts["counts"] {
  const kept = [...place.before.values()].filter(({ seq }) => !lost.includes(seq));
  const state = kept.filter(({ stream }) => stream !== "journal").reduce(counts.evolve, counts.initial);
  return { ...state.counts, after: 1 };
}
