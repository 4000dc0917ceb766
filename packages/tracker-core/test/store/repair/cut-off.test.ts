import { rmSync } from "node:fs";
import { nodeFiles } from "@orchard/host";
import { type FileCall, interceptedFiles } from "@orchard/host/testing";
import { expect, test } from "vitest";
import { machineWorld } from "../../../src/store/files/machine-world.ts";
import { examineJournal } from "../../../src/store/repair/examine-journal.ts";
import { rebuildJournal } from "../../../src/store/repair/rebuild-journal.ts";
import { requireNothingDropped, type Scene, scene } from "./scene.ts";

const SHAPES = {
  "one in the middle and the last one": { records: 12, limits: { segmentBytes: 2000, foldEvery: 10_000 }, torn: [7] },
  "the last one": { records: 6, limits: { foldEvery: 10_000 }, torn: [] },
  "the first and the last one": { records: 12, limits: { foldEvery: 5, foldBurst: 5 }, torn: [1] },
};

test.each(Object.keys(SHAPES) as (keyof typeof SHAPES)[])(
  "lost is %s, of which only the view knows: a repair cut off before any change of a name lets nobody write on, and the next names it",
  async (which) => {
    using torn = await tornScene(which);
    const { lost } = await examineJournal(torn.repair);
    expect(lost.map(({ seq }) => seq)).toContain(lastOf(torn));
    for (let at = 1; ; at += 1) {
      using place = torn.copy();
      const isCutOff = await cutOff(place, at);
      const { isWhole } = await examineJournal(place.repair);
      if (!isWhole) await expect(writeTo(place), `cut off at ${at}`).rejects.toThrow();
      const { report } = await rebuildJournal(place.repair);
      expect(report.isWhole).toBe(isWhole);
      expect(await requireNothingDropped(place, { report: { ...report, lost } }), `cut off at ${at}`).toMatchObject({
        after: 1,
      });
      expect(await examineJournal(place.repair)).toMatchObject({ isWhole: true, staleViews: [] });
      if (!isCutOff) return;
    }
  },
  60_000,
);

test("negative control: the check notices a repair that takes the view away before the journal is whole", async () => {
  using place = await tornScene("one in the middle and the last one");
  const { lost } = await examineJournal(place.repair);
  expect(await cutOff(place, 1, ({ name }) => name === "link")).toBe(true);
  rmSync(place.view);
  const { report } = await rebuildJournal(place.repair);
  await expect(requireNothingDropped(place, { report: { ...report, lost } })).rejects.toThrow();
});

async function tornScene(which: keyof typeof SHAPES): Promise<Scene> {
  const { torn, ...shape } = SHAPES[which];
  const place = await scene(shape);
  for (const seq of [...torn, lastOf(place)]) place.tear(seq);
  return place;
}

function lastOf({ before }: Scene): number {
  return Math.max(...before.keys());
}

/** A repair whose every call fails from the `at`-th of a kind on; false: it had fewer. */
async function cutOff(place: Scene, at: number, isOne: (call: FileCall) => boolean = isOfName): Promise<boolean> {
  let calls = 0;
  const files = interceptedFiles(nodeFiles, (call, proceed) => {
    if (calls < at && isOne(call)) calls += 1;
    return calls < at ? proceed() : Promise.reject(new Error("cut off"));
  });
  const failed = await rebuildJournal(place.repair, machineWorld({ files }, "orch doctor")).then(
    () => undefined,
    (error: Error) => error.message,
  );
  expect([undefined, "cut off"]).toContain(failed);
  return failed !== undefined;
}

function isOfName({ name }: FileCall): boolean {
  return name === "link" || name === "rename" || name === "unlink";
}

async function writeTo(place: Scene): Promise<void> {
  const store = await place.open();
  try {
    await store.transact({ stream: "counts", describe: "try" }, () => ({
      facts: [{ type: "added", key: "tried" } as never],
      outcome: null,
    }));
  } finally {
    await store.close();
  }
}
