import { fileLocks, nodeFiles } from "@orchard/host";
import { interceptedFiles } from "@orchard/host/testing";
import { isOrchardError } from "@orchard/kernel";
import type { Store } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { machineWorld } from "../../../src/store/files/machine-world.ts";
import { RULES, type Rules } from "../../../src/store/files/rules.ts";
import { examineJournal } from "../../../src/store/repair/examine-journal.ts";
import { rebuildJournal } from "../../../src/store/repair/rebuild-journal.ts";
import { add, type Counts, count } from "../store-contract.ts";
import { requireNothingDropped, scene } from "./scene.ts";

const LIMITS = { segmentBytes: 3000, foldEvery: 10_000, foldBurst: 10_000 };

test("a writer that went on in a segment made after the first look loses nothing that it was told", async () => {
  const { acknowledged, kept } = await repairBesideWriters(() => RULES);
  expect(kept).toBe(acknowledged);
});

test.each([
  ["none", () => 0],
  ["only the segments of the first look", (toReplace: number) => toReplace],
])("negative control: a repair that stops the writers of %s drops what they were told", async (_which, most) => {
  const beside = repairBesideWriters((toReplace) => {
    let marks = 0;
    return { ...RULES, poison: (mark) => (++marks <= most(toReplace) ? mark() : Promise.resolve()) };
  });
  // Where all write on in the old chain, they may also have named it in the new one.
  const missing = await beside.then(
    ({ acknowledged, kept }) => acknowledged - kept,
    (error: unknown) => (isOrchardError(error, "JOURNAL_DAMAGED") ? 1 : Promise.reject(error)),
  );
  expect(missing).toBeGreaterThan(0);
});

/**
 * The damage lies behind two writers that live. When the first segment is about to be stopped, one of them closes the last
 * one, and the other goes on in the next; it writes again when the first new file is about to be put in place.
 */
async function repairBesideWriters(
  rulesFor: (toReplace: number) => Rules,
): Promise<{ readonly acknowledged: number; readonly kept: number }> {
  using place = await scene({ records: 20, limits: LIMITS });
  const waits = Promise.withResolvers<"waits">();
  const take: typeof fileLocks.take = (path, options) => {
    waits.resolve("waits");
    return fileLocks.take(path, options);
  };
  const [closer, writer] = [await place.open(), await place.open({ locks: { ...fileLocks, take } })];
  place.tear(5);
  const { segments } = await examineJournal(place.repair);
  expect(segments.length).toBeGreaterThan(1);

  let acknowledged = 0;
  const write = async (store: Store<Counts>): Promise<void> => {
    await store.transact(add("live"), () => count("live"));
    acknowledged += 1;
  };
  const moments = {
    stop: async () => {
      const before = place.segments().length;
      for (let done = 0; done < 12; done += 1) await write(closer);
      await closer.close();
      expect(place.segments().length).toBe(before + 1);
      await write(writer);
    },
    replace: async () => {
      writing = write(writer);
      await Promise.race([writing, waits.promise]);
    },
  };
  let writing: Promise<void> | undefined;
  const files = interceptedFiles(nodeFiles, async ({ name, path }, proceed) => {
    if (name === "stat" && path.endsWith(".poisoned")) await once(moments, "stop");
    if (name === "link") await once(moments, "replace");
    return proceed();
  });
  const world = { ...machineWorld({ files }, "orch doctor"), rules: rulesFor(segments.length) };
  const { report } = await rebuildJournal(place.repair, world);
  await writing;
  await writer.close();
  const { live = 0 } = await requireNothingDropped(place, { report });
  return { acknowledged, kept: live };
}

async function once<Name extends string>(moments: Record<Name, () => Promise<void>>, name: Name): Promise<void> {
  const moment = moments[name];
  moments[name] = async () => undefined;
  await moment();
}
