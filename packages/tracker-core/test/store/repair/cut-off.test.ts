import { rmSync } from "node:fs";
import { nodeFiles } from "@orchard/host";
import { type FileCall, interceptedFiles } from "@orchard/host/testing";
import { expect, test } from "vitest";
import { machineWorld } from "../../../src/store/files/machine-world.ts";
import { examineJournal } from "../../../src/store/repair/examine-journal.ts";
import { rebuildJournal } from "../../../src/store/repair/rebuild-journal.ts";
import { requireNothingDropped, type Scene, scene } from "./scene.ts";

/** "last": of which only the view knows then. */
const SHAPES = {
  "one in the middle": { records: 12, limits: { segmentBytes: 2000, foldEvery: 10_000 }, torn: [7] },
  "one in the middle and the last one": {
    records: 12,
    limits: { segmentBytes: 2000, foldEvery: 10_000 },
    torn: [7, "last"],
  },
  "the last one": { records: 6, limits: { foldEvery: 10_000 }, torn: ["last"] },
  "the first and the last one": { records: 12, limits: { foldEvery: 5, foldBurst: 5 }, torn: [1, "last"] },
};

test.each(Object.keys(SHAPES) as (keyof typeof SHAPES)[])(
  "lost is %s: a repair cut off before any change of a name lets nobody write on, and the next names it and nothing else",
  async (which) => {
    using torn = await tornScene(which);
    const { lost } = await examineJournal(torn.repair);
    expect(lost.map(({ seq }) => seq)).toEqual(tornIn(torn, which));
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
  const place = await scene(SHAPES[which]);
  for (const seq of tornIn(place, which)) place.tear(seq);
  return place;
}

function tornIn({ before }: Scene, which: keyof typeof SHAPES): readonly number[] {
  return SHAPES[which].torn.map((seq) => (typeof seq === "number" ? seq : Math.max(...before.keys())));
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
