import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFiles } from "@orchard/host";
import { interceptedFiles, seededRandom } from "@orchard/host/testing";
import { expect, test } from "vitest";
import { examineJournal } from "../../../src/store/repair/examine-journal.ts";
import { rebuildJournal } from "../../../src/store/repair/rebuild-journal.ts";
import { add, count } from "../store-contract.ts";
import { countsWithout, requireNothingDropped, scene } from "./scene.ts";

const SEEDS = process.env["ORCHARD_LONG"] === "1" ? 400 : 12;
const ONE = { foldEvery: 10_000, foldBurst: 10_000 };
const MANY = { segmentBytes: 3000, ...ONE };
const FOLDED = { foldEvery: 15, foldBurst: 15 };

test("a whole journal is found whole, and a rebuild of it changes no byte", async () => {
  for (const limits of [ONE, MANY, FOLDED, { ...MANY, ...FOLDED }]) {
    using place = await scene({ limits });
    expect(await examineJournal(place.repair)).toMatchObject({ isWhole: true, lost: [], segments: [], strays: [] });
    const before = place.segments().map((path) => readFileSync(path, "utf8"));
    expect((await rebuildJournal(place.repair)).putAside).toEqual([]);
    expect(place.segments().map((path) => readFileSync(path, "utf8"))).toEqual(before);
  }
});

test("a journal that is written to, with its view, before every file of it is opened is found whole", async () => {
  using place = await scene({ records: 20, limits: MANY });
  const store = await place.open();
  const files = interceptedFiles(nodeFiles, async ({ name }, proceed) => {
    if (name === "open") {
      await store.transact(add("k1"), () => count("k1"));
      await store.refreshViews();
    }
    return proceed();
  });
  expect(await examineJournal({ ...place.repair, files })).toMatchObject({ isWhole: true, lost: [] });
  await store.close();
});

test("what a killed writer left in the middle of a line is no damage", async () => {
  using place = await scene({ limits: ONE });
  place.damage(place.segments()[0] ?? "", (bytes) => Buffer.concat([bytes, Buffer.from('\n{"v":1,"seq":99,"pr')]));
  expect(await examineJournal(place.repair)).toMatchObject({ isWhole: true });
});

test.each([
  ["one changed byte in a record", changedAt('"seq":30,', 40)],
  ["one changed byte in the hash of a record", changedAt('"seq":30,', (line) => line.length - 10)],
  ["a changed newline before a record", changedAt('{"v":1,"seq":30,', -1)],
  ["a newline in the middle of a record", changedAt('"seq":30,', 40, 10)],
  ["one changed byte in the last record", changedAt('"seq":61,', 40)],
])("%s: all of it comes back, proved by its hash", async (_what, change) => {
  using place = await scene({ limits: ONE });
  place.damage(place.segments()[0] ?? "", change);
  const report = await examineJournal(place.repair);
  expect(report.isWhole).toBe(false);
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.report.lost).toEqual([]);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, []));
  expect(rebuilt.putAside.map((path) => path.replace(/^.*\/(.*corrupt-).*$/, "$1"))).toContain(
    "000000000001.ndjson.corrupt-",
  );
});

test("records that are torn beyond mending are named, with what is legible of them, and everything behind them is kept", async () => {
  using place = await scene({ limits: ONE });
  place.damage(place.segments()[0] ?? "", (bytes) => {
    bytes.fill(0x20, bytes.indexOf('"seq":30,') + 100, bytes.indexOf('"seq":30,') + 140);
    const next = bytes.indexOf('"seq":31,');
    bytes.fill(0, next + 200, next + 210);
    return bytes;
  });
  const { lost } = await examineJournal(place.repair);
  expect(lost.map(({ seq }) => seq)).toEqual([30, 31]);
  const rebuilt = await rebuildJournal(place.repair);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, [30, 31]));
  expect(await examineJournal(place.repair)).toMatchObject({ isWhole: true });
});

test("what a fold holds stays in the state, though the record is lost to history", async () => {
  using place = await scene({ limits: FOLDED });
  place.damage(place.segments()[0] ?? "", (bytes) => {
    bytes.fill(0x20, bytes.indexOf('"seq":30,') + 10, bytes.indexOf('{"v":1,"seq":31,') - 60);
    return bytes;
  });
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.report.lost).toMatchObject([{ seq: 30, isInFold: true }]);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, []));
});

test("an emptied journal: the folds and the view say what there was", async () => {
  using place = await scene({ limits: FOLDED });
  const folds = readdirSync(join(place.folder, "folds"));
  expect(folds.length).toBeGreaterThan(0);
  place.damage(place.segments()[0] ?? "", () => Buffer.alloc(0));
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.report).toMatchObject({ kept: 0, first: 1, last: 61, segments: [{ state: "emptied" }] });
  const lostForGood = rebuilt.report.lost.filter(({ isInFold }) => !isInFold).map(({ seq }) => seq);
  expect(lostForGood.length).toBeLessThan(30);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, lostForGood));
});

test("a journal whose whole folder is gone: what the folds hold is the state, and each record is named", async () => {
  using place = await scene({ limits: FOLDED });
  rmSync(place.journal, { recursive: true });
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.report).toMatchObject({ kept: 0, last: 61, segments: [{ state: "missing" }] });
  const lostForGood = rebuilt.report.lost.filter(({ isInFold }) => !isInFold).map(({ seq }) => seq);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, lostForGood));
});

test("content that stood beside the journal and is gone: its record is named, all others are kept", async () => {
  using place = await scene({ limits: { ...ONE, recordBytes: 400 } });
  const beside = join(place.folder, "beside");
  expect(readdirSync(beside)).toEqual([]);
  const store = await place.open();
  const long = "x".repeat(600);
  const { seq } = await store.transact({ stream: "counts", describe: "a long one" }, () => ({
    facts: [{ type: "added", key: "k1", long } as never],
    outcome: null,
  }));
  await store.close();
  const [name = ""] = readdirSync(beside);
  writeFileSync(join(beside, name), "half");
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.report.lost).toMatchObject([{ seq, said: expect.stringContaining("beside") }]);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, []));
});

test("a first segment that is gone comes back whole from its second name", async () => {
  using place = await scene({ limits: ONE });
  rmSync(place.segments()[0] ?? "");
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.report).toMatchObject({ lost: [], segments: [{ state: "missing" }] });
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, []));
});

test.each([
  ["in the middle", 2],
  ["the newest", -1],
])("a segment that is gone, %s: each of its records is named, all others are kept", async (_where, index) => {
  using place = await scene({ limits: MANY });
  const path = place.segments().at(index) ?? "";
  const numbers = [...readFileSync(path, "utf8").matchAll(/"seq":(\d+),"prev"/g)].map(([, seq]) => Number(seq));
  rmSync(path);
  const rebuilt = await rebuildJournal(place.repair);
  const closing = index === -1 ? [] : numbers.slice(-1);
  expect(rebuilt.report.lost.map(({ seq }) => seq)).toEqual(numbers.filter((seq) => !closing.includes(seq)));
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, numbers));
});

test("a shortened journal: the view is a witness of how much is missing", async () => {
  using place = await scene({ limits: ONE });
  place.damage(place.segments()[0] ?? "", (bytes) => bytes.subarray(0, bytes.indexOf('{"v":1,"seq":50,')));
  const rebuilt = await rebuildJournal(place.repair);
  const lost = rebuilt.report.lost.map(({ seq }) => seq);
  expect(lost).toEqual(Array.from({ length: 12 }, (_, index) => index + 50));
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, lost));
});

test("unreadable folds are put aside, and the state is folded from the records", async () => {
  using place = await scene({ limits: FOLDED });
  const folds = join(place.folder, "folds");
  for (const name of readdirSync(folds)) writeFileSync(join(folds, name), "{half");
  const report = await examineJournal(place.repair);
  expect(report).toMatchObject({ isWhole: true });
  expect(report.unreadableFolds.length).toBe(2);
  const rebuilt = await rebuildJournal(place.repair);
  expect(rebuilt.putAside.length).toBe(2);
  expect(rebuilt.putAside.every((path) => existsSync(path))).toBe(true);
  expect(await requireNothingDropped(place, rebuilt)).toEqual(countsWithout(place, []));
});

test("whatever bytes are changed, taken or blanked, nothing is dropped in silence", async () => {
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const random = seededRandom(seed);
    using place = await scene({ records: 30, limits: seed % 2 === 0 ? { ...MANY, ...FOLDED } : FOLDED });
    for (let wounds = random.below(3) + 1; wounds > 0; wounds -= 1) {
      const paths = place.segments();
      const path = paths[random.below(paths.length)] ?? "";
      place.damage(path, (bytes) => {
        const from = random.below(Math.max(1, bytes.length));
        const length = random.below(80) + 1;
        if (random.below(4) === 0) return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + length)]);
        return bytes.fill(random.below(256), from, Math.min(bytes.length, from + length));
      });
    }
    const rebuilt = await rebuildJournal(place.repair);
    await requireNothingDropped(place, rebuilt);
    expect(await examineJournal(place.repair), `seed ${seed}`).toMatchObject({ isWhole: true });
  }
}, 300_000);

test("the check notices a repair that cuts the journal at the damage", async () => {
  using place = await scene({ limits: ONE });
  rmSync(place.view);
  place.damage(place.segments()[0] ?? "", (bytes) => bytes.subarray(0, bytes.indexOf('{"v":1,"seq":50,')));
  await expect(requireNothingDropped(place, { report: await examineJournal(place.repair) })).rejects.toThrow();
});

/** One byte of the line with `mark`, at an offset from it, becomes another. */
function changedAt(mark: string, offset: number | ((line: Buffer) => number), to?: number) {
  return (bytes: Buffer): Buffer => {
    const start = bytes.indexOf(mark);
    const line = bytes.subarray(start, bytes.indexOf(10, start));
    const at = start + (typeof offset === "number" ? offset : offset(line));
    bytes[at] = to ?? (bytes[at] ?? 0) ^ 4;
    return bytes;
  };
}
