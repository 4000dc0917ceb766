import { execFileSync } from "node:child_process";
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { createFileStore, openFileStore, probeFolder } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { add, all, count, counts, storeContract } from "./store-contract.ts";

storeContract("files", async () => {
  const place = await newPlace();
  const store = await place.open();
  return {
    store,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      place[Symbol.dispose]();
    },
  };
});

test("a journal that was never made is refused by name, and opening makes nothing", async () => {
  using folder = temporaryFolder();
  await expect(openFileStore({ folder: join(folder.path, "orch"), ...OPTIONS })).rejects.toMatchObject({
    code: "STORE_MISSING",
  });
  expect(readdirSync(folder.path)).toEqual([]);
});

test("the folders are the owner's alone, and creating twice changes nothing", async () => {
  using place = await newPlace();
  expect(statSync(place.folder).mode & 0o777).toBe(0o700);
  const before = readFileSync(place.segment, "utf8");
  await createFileStore({ folder: place.folder });
  expect(readFileSync(place.segment, "utf8")).toBe(before);
});

test("two holds on one journal see each other's records, and one hears what the other writes", async () => {
  using place = await newPlace();
  const [a, b] = [await place.open(), await place.open()];
  const heard: number[] = [];
  b.subscribe((records) => heard.push(...records.map(({ seq }) => seq)));
  await a.transact(add("x"), () => count("x"));
  expect((await b.read()).state.counts).toEqual({ x: 1 });
  const { seq } = await a.transact(add("x"), () => count("x"));
  await until("the push arrives without anybody asking", () => heard.includes(seq), { within: 20_000 });
  await a.close();
  await b.close();
});

test("the view stands there after close, with what the journal says", async () => {
  using place = await newPlace();
  const store = await place.open();
  await store.transact(add("x"), () => count("x"));
  await store.close();
  const view = JSON.parse(readFileSync(place.view, "utf8"));
  expect(view).toMatchObject({ journal: { segment: 1, seq: 2 }, x: 1 });
});

test("a view that was removed, with its folder, comes back with the next command", async () => {
  using place = await newPlace();
  const store = await place.open();
  await store.transact(add("x"), () => count("x"));
  await store.close();
  rmSync(join(place.path, "views"), { recursive: true });
  const again = await place.open();
  await again.refreshViews();
  expect(JSON.parse(readFileSync(place.view, "utf8"))).toMatchObject({ x: 1 });
  await again.close();
});

test("a view edited by hand is kept aside, reported, and replaced by the truth", async () => {
  using place = await newPlace();
  const { kept, open } = await closedWithOne(place);
  writeFileSync(place.view, '{"x": 99}');
  const again = await open();
  await again.transact(add("x"), () => count("x"));
  await again.close();
  expect(JSON.parse(readFileSync(place.view, "utf8"))).toMatchObject({ x: 2 });
  expect(kept.map((copy) => readFileSync(copy, "utf8"))).toEqual(['{"x": 99}']);
});

test.each<[string, (path: string) => void]>([
  ["a pipe that nobody writes into", (path) => execFileSync("mkfifo", [path])],
  [
    "a folder with something in it",
    (path) => {
      mkdirSync(path);
      writeFileSync(join(path, "mine.txt"), "keep");
    },
  ],
  ["a link to itself", (path) => symlinkSync(path, path)],
  ["a link to a device without an end", (path) => symlinkSync("/dev/zero", path)],
])(
  "%s in the place of a view keeps nobody waiting, is kept aside, and the view takes its place",
  async (_name, make) => {
    using place = await newPlace();
    const { kept, open } = await closedWithOne(place);
    rmSync(place.view);
    make(place.view);
    const before = lstatSync(place.view);
    const again = await open();
    await again.transact(add("x"), () => count("x"));
    await again.close();
    expect(lstatSync(place.view).isFile()).toBe(true);
    expect(JSON.parse(readFileSync(place.view, "utf8"))).toMatchObject({ x: 2 });
    expect(kept.map((copy) => lstatSync(copy).ino)).toEqual([before.ino]);
  },
);

test.each([
  ["empty", ""],
  ["NULs", "\0".repeat(4096)],
  ["half JSON", '{\n  "journal": {"segment":1,'],
  ["a byte order mark", "\ufeff{}"],
])("a damaged view (%s) never counts as a state: the journal does", async (_name, content) => {
  using place = await newPlace();
  const store = await place.open();
  await store.transact(add("x"), () => count("x"));
  await store.close();
  writeFileSync(place.view, content);
  const again = await place.open();
  expect((await again.read()).state.counts).toEqual({ x: 1 });
  await again.close();
  expect(JSON.parse(readFileSync(place.view, "utf8"))).toMatchObject({ x: 1 });
});

test("a flipped byte in the middle is found: reading goes up to there, writing is refused, nothing is touched", async () => {
  using place = await newPlace();
  const store = await place.open();
  for (let n = 0; n < 20; n += 1) await store.transact(add("x"), () => count("x"));
  await store.close();
  const bytes = readFileSync(place.segment);
  const at = bytes.indexOf('"seq":11,') + 20;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  writeFileSync(place.segment, bytes);
  const again = await place.open();
  const { trouble, seq } = await again.read();
  expect(trouble).toMatchObject({ code: "JOURNAL_DAMAGED", details: { missing: 11 } });
  expect(seq).toBe(10);
  await expect(again.transact(add("x"), () => count("x"))).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  await again.close();
  expect(readFileSync(place.segment).equals(bytes)).toBe(true);
});

test("an emptied journal is damage, never a new beginning: opening says so, and creating does not begin another", async () => {
  using place = await newPlace();
  const store = await place.open();
  for (let n = 0; n < 5; n += 1) await store.transact(add("x"), () => count("x"));
  await store.close();
  writeFileSync(place.segment, "");
  await createFileStore({ folder: place.folder });
  await expect(place.open()).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  expect(readFileSync(place.segment, "utf8")).toBe("");
});

test("a shortened journal is damage: what is left can be read, nothing is written", async () => {
  using place = await newPlace();
  const store = await place.open();
  for (let n = 0; n < 5; n += 1) await store.transact(add("x"), () => count("x"));
  await store.close();
  writeFileSync(place.segment, readFileSync(place.segment).subarray(0, 400));
  const again = await place.open();
  await expect(again.transact(add("x"), () => count("x"))).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  await again.close();
});

test("records of a newer version are named; the state before them can be read, nothing is written", async () => {
  using place = await newPlace();
  const store = await place.open();
  await store.transact(add("x"), () => count("x"));
  await store.close();
  const { encodeLine, decodeLine } = await import("../../src/store/files/line.ts");
  const lines = readFileSync(place.segment, "utf8").split("\n").filter(Boolean);
  const last = decodeLine(Buffer.from(lines.at(-1) ?? ""));
  const { hash, ...body } = last ?? (undefined as never);
  writeFileSync(place.segment, encodeLine({ ...body, v: 2, seq: 3, prev: hash, id: "newer" }).bytes, { flag: "a" });
  const again = await place.open();
  expect(await again.read()).toMatchObject({ seq: 2, trouble: { code: "STORE_NEWER" } });
  await expect(again.transact(add("x"), () => count("x"))).rejects.toMatchObject({ code: "STORE_NEWER" });
  await again.close();
});

test("a journal that is replaced under a writer is not written to, and nothing is made where it was", async () => {
  using place = await newPlace();
  const store = await place.open();
  await store.transact(add("x"), () => count("x"));
  renameSync(place.folder, `${place.folder}-away`);
  await expect(store.transact(add("x"), () => count("x"))).rejects.toMatchObject({ code: "STORE_REPLACED" });
  expect(existsSync(place.folder)).toBe(false);
  await createFileStore({ folder: place.folder });
  await expect(store.transact(add("x"), () => count("x"))).rejects.toMatchObject({ code: "STORE_REPLACED" });
  await store.close();
});

test("facts that are too long for a record stand beside it and come back", async () => {
  using place = await newPlace();
  const store = await place.open();
  const long = "ä".repeat(300_000);
  await store.transact(add("x"), () => ({ facts: [{ type: "added", key: "x", long }], outcome: long }));
  await store.close();
  const again = await place.open();
  const [last] = (await all(again)).slice(-1);
  expect(last?.outcome).toBe(long);
  expect(statSync(place.segment).size).toBeLessThan(10_000);
  await again.close();
});

test("a fact that the machine cannot fold is refused before it is recorded", async () => {
  using place = await newPlace();
  const machine = {
    ...counts,
    evolve: () => {
      throw new Error("cannot be folded");
    },
  };
  const store = await openFileStore({ ...place.options, machine });
  await expect(store.transact(add("x"), () => count("x"))).rejects.toThrow("cannot be folded");
  expect((await store.read()).seq).toBe(1);
  await store.close();
});

test("opening after thousands of records reads a fold and a short tail", async () => {
  using place = await newPlace();
  const store = await place.open();
  for (let n = 0; n < 5200; n += 1) await store.transact(add(`k${n % 7}`), () => count(`k${n % 7}`));
  await store.close();
  expect(readdirSync(join(place.folder, "folds")).length).toBeGreaterThan(0);
  const segment = readFileSync(place.segment);
  segment.fill(0x20, 0, segment.indexOf('"seq":2000,'));
  writeFileSync(place.segment, segment);
  const again = await place.open();
  const { state, trouble } = await again.read();
  expect(trouble).toBeUndefined();
  expect(Object.values(state.counts).reduce((sum, each) => sum + each, 0)).toBe(5200);
  await again.close();
});

test("a local disk passes the probe, and the probe leaves nothing behind", async () => {
  using folder = temporaryFolder();
  await probeFolder(join(folder.path, "not", "there", "yet"));
  expect(readdirSync(folder.path)).toEqual([]);
});

test.each([
  [0x6969, "NFS"],
  [0xfe534d42, "SMB"],
  [0x01021997, "9p"],
  [0x65735546, "FUSE"],
])("a folder on file system %i is refused by name (%s) with the way out", async (type, name) => {
  using folder = temporaryFolder();
  const { nodeFiles } = await import("@orchard/host");
  const refused = probeFolder(folder.path, { ...nodeFiles, fileSystemType: async () => type });
  await expect(refused).rejects.toMatchObject({
    code: "NETWORK_FILE_SYSTEM",
    message: expect.stringContaining(name),
    hint: expect.stringContaining("ORCH_STATE_DIR"),
  });
});

const OPTIONS = { machine: counts, views: () => [], by: "test" };

/** One record and its view, closed, so that no write of its own is under way while somebody else changes the view. */
async function closedWithOne(place: Awaited<ReturnType<typeof newPlace>>) {
  const kept: string[] = [];
  const open = () => openFileStore({ ...place.options, keptAside: (_view, copy) => kept.push(copy) });
  const store = await open();
  await store.transact(add("x"), () => count("x"));
  await store.close();
  return { kept, open };
}

async function newPlace() {
  const { path, ...folder } = temporaryFolder("store test");
  const place = join(path, "a repository");
  mkdirSync(place);
  const orch = join(place, "orch");
  await createFileStore({ folder: orch });
  const view = join(place, "views", "counts.json");
  const options = {
    folder: orch,
    machine: counts,
    by: "test",
    views: () => [
      { path: view, lock: join(place, "views", "counts.lock"), render: (state: typeof counts.initial) => state.counts },
    ],
  };
  return {
    path: place,
    folder: orch,
    view,
    segment: join(orch, "journal", "000000000001.ndjson"),
    options,
    open: () => openFileStore(options),
    [Symbol.dispose]: folder[Symbol.dispose],
  };
}
