import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, startNode } from "@orchard/testkit";
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
    using copy = place.copy();
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
  place.tear(20);
  const { report } = await rebuildJournal(place.repair);
  isRepaired = true;
  await writing;
  await store.close();
  expect(report.lost.map(({ seq }) => seq)).toEqual([20]);
  const counts = await requireNothingDropped(place, { report });
  expect(counts["live"]).toBe(acknowledged.length);
  expect(new Set(acknowledged).size).toBe(acknowledged.length);
}, 60_000);

async function tornScene(): Promise<Scene> {
  const place = await scene(SHAPE);
  place.tear(20);
  place.tear(59);
  // Of the last one only the view knows.
  place.tear(Math.max(...place.before.keys()));
  return place;
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
