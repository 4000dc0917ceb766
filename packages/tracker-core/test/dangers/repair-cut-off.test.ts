import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, startNode, temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { examineJournal } from "../../src/store/repair/examine-journal.ts";
import { rebuildJournal } from "../../src/store/repair/rebuild-journal.ts";
import { requireNothingDropped, type Scene, scene } from "../store/repair/scene.ts";

const STEPS = process.env["ORCHARD_LONG"] === "1" ? 1 : 11;
const SHAPE = { records: 60, limits: { segmentBytes: 5000, foldEvery: 25, foldBurst: 25 } };

test("a repair killed before any of its steps leaves a journal that is damaged still or whole, and the next one ends it alike", async () => {
  using place = await tornScene();
  const { lost } = await examineJournal(place.repair);
  let isOver = false;
  for (let at = 1; !isOver; at += STEPS) {
    using copy = copied(place);
    const { code, signal } = await repairer(copy, {
      NODE_OPTIONS: `--import ${pathToFileURL(DIE_AT_CALL).href}`,
      ORCHARD_DIE_AT: String(at),
    }).ended;
    isOver = code === 0;
    expect([code, signal], `killed before step ${at}`).toEqual(isOver ? [0, null] : [null, "SIGKILL"]);
    await requireRefusedOrWhole(
      copy,
      lost.map(({ seq }) => seq),
    );
    const rebuilt = await rebuildJournal(copy.repair);
    const named = { report: { ...rebuilt.report, lost } };
    expect(await requireNothingDropped(copy, named), `killed before step ${at}`).toMatchObject({ after: 1 });
  }
}, 300_000);

test("of several repairs at once each ends well, and the journal is whole with the same records", async () => {
  using place = await tornScene();
  const { lost } = await examineJournal(place.repair);
  const all = [1, 2, 3, 4].map(() => repairer(place));
  const ends = await Promise.all(all.map(({ ended }) => ended));
  expect(all.map((one) => one.stderr()).join("")).toBe("");
  expect(ends.every(({ code }) => code === 0)).toBe(true);
  expect(await examineJournal(place.repair)).toMatchObject({ isWhole: true });
  await requireNothingDropped(place, { report: { ...(await examineJournal(place.repair)), lost } });
});

test("writers that live on through a repair lose nothing that was acknowledged, before, during or after it", async () => {
  using place = await scene({ ...SHAPE, limits: { foldEvery: 25, foldBurst: 25 } });
  const store = await place.open();
  const acknowledged: number[] = [];
  let isRepaired = false;
  const writing = (async () => {
    for (let after = 0; after < 20; after += isRepaired ? 1 : 0) {
      const { seq } = await store.transact({ stream: "counts", describe: "write on" }, () => ({
        facts: [{ type: "added", key: "live" } as never],
        outcome: null,
      }));
      acknowledged.push(seq);
    }
  })();
  tear(place, '"seq":20,');
  const { report } = await rebuildJournal(place.repair);
  isRepaired = true;
  await writing;
  await store.close();
  expect(report.lost.map(({ seq }) => seq)).toEqual([20]);
  const counts = await requireNothingDropped(place, { report });
  expect(counts["live"]).toBe(acknowledged.length);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
}, 60_000);

test("negative control: a repair that puts the file in place without stopping writers first loses what they acknowledge", async () => {
  using place = await scene({ ...SHAPE, limits: { foldEvery: 25, foldBurst: 25 } });
  const store = await place.open();
  const path = place.segments()[0] ?? "";
  const copy = readFileSync(path);
  await store.transact({ stream: "counts", describe: "write" }, () => ({
    facts: [{ type: "added", key: "live" } as never],
    outcome: null,
  }));
  await store.close();
  writeFileSync(join(place.journal, "000000000001.1.ndjson"), copy);
  const { isWhole, lost } = await examineJournal({ ...place.repair });
  expect({ isWhole, lost: lost.length }).not.toEqual({ isWhole: true, lost: 0 });
});

async function tornScene(): Promise<Scene> {
  const place = await scene(SHAPE);
  tear(place, '"seq":20,');
  tear(place, '"seq":59,');
  return place;
}

/** Beyond what one changed byte is. */
function tear(place: Scene, mark: string): void {
  for (const path of place.segments()) {
    place.damage(path, (bytes) => {
      const at = bytes.indexOf(mark);
      return at === -1 ? undefined : bytes.fill(0x20, at + 100, at + 120);
    });
  }
}

/** The same scene in a folder of its own. */
function copied(place: Scene): Scene {
  const { path, ...folder } = temporaryFolder("repair cut off");
  cpSync(dirname(place.folder), path, { recursive: true });
  return place.at(path, folder);
}

function repairer(place: Scene, env: NodeJS.ProcessEnv = {}) {
  return startNode(join(import.meta.dirname, "repairer.ts"), [place.folder, place.view], { env });
}

async function requireRefusedOrWhole(place: Scene, lost: readonly number[]): Promise<void> {
  const { isWhole } = await examineJournal(place.repair);
  const tried = await tryToWrite(place);
  if (isWhole) expect(tried).toBe("recorded");
  else expect(["JOURNAL_DAMAGED", "LOCK_TIMEOUT", "SYNC_FAILED"]).toContain(tried);
  expect(lost.length).toBeGreaterThan(0);
}

async function tryToWrite(place: Scene): Promise<string> {
  try {
    const store = await place.open();
    try {
      const { recorded } = await store.transact({ stream: "counts", describe: "try" }, () => ({
        facts: [{ type: "added", key: "tried" } as never],
        outcome: null,
      }));
      return recorded ? "recorded" : "not recorded";
    } finally {
      await store.close();
    }
  } catch (error) {
    return (error as { code: string }).code;
  }
}
