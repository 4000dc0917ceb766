import { SimulatedDisk, seededRandom, systemError } from "@orchard/host/testing";
import { expect, test } from "vitest";
import { createStore } from "../../src/store/create-file-store.ts";
import { FileStore } from "../../src/store/files/file-store.ts";
import { LIMITS } from "../../src/store/files/limits.ts";
import { decodeRecord, encodeLine } from "../../src/store/files/line.ts";
import { RULES, type Rules } from "../../src/store/files/rules.ts";
import type { World } from "../../src/store/files/world.ts";
import { placesIn } from "../simulator/flip.ts";
import { add, count, counts } from "./store-contract.ts";

/** Scenes that chance rarely makes: each rule beside the store without it. */

const ONE_SEGMENT = { turnAfterMs: 0, segmentBytes: 1_000_000, foldEvery: 1000, foldBurst: 1000 };
const MANY_SEGMENTS = { segmentBytes: 700, foldEvery: 1000, foldBurst: 1000 };
const SEGMENT = "/orch/journal/000000000001.ndjson";
const RECOVERED = "/orch/journal/000000000001.1.ndjson";

test("after a reboot a missing record that a witness covers is damage; without witnesses it is given up, and history forks", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    await place.write(5);
    place.flip(4);
    place.reboot();
    return place.write(1).catch((error: { code: string }) => error.code);
  };
  expect(await scene({})).toBe("JOURNAL_DAMAGED");
  const onlyBoots: Rules["isTraceOfPowerCut"] = (gap, _witnessed, boot) => !gap.boots.includes(boot);
  expect(await scene({ isTraceOfPowerCut: onlyBoots, missesWitnessed: () => false })).toBe(undefined);
});

test("what a power cut left of unsynced records is given up by the first writer; called damage, the store would stand still", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    await place.write(2);
    const [, , last] = placesIn(place.disk, SEGMENT);
    const { hash: _, ...line } = last?.line ?? (undefined as never);
    const orphan = encodeLine({ ...line, seq: 5, prev: "f".repeat(32), durable: 2, id: "orphan" });
    place.disk.find(SEGMENT)?.append(orphan.bytes);
    place.reboot();
    const outcome = await place.write(1).catch((error: { code: string }) => error.code);
    const facts = placesIn(place.disk, SEGMENT).flatMap((found) => found.line.facts.map(({ type }) => type));
    return { outcome, facts: facts.slice(3) };
  };
  expect(await scene({})).toEqual({ outcome: undefined, facts: ["added", "recovered", "added"] });
  expect(await scene({ isTraceOfPowerCut: () => false })).toMatchObject({ outcome: "JOURNAL_DAMAGED" });
});

test("a loser never stands in for the winner that was damaged; by its number alone it would", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    await place.write(2);
    await place.race();
    await place.write(1);
    place.flip(4);
    return place.write(1).catch((error: { code: string }) => error.code);
  };
  expect(await scene({})).toBe("JOURNAL_DAMAGED");
  expect(
    await scene({
      judge: (chain, line) => (line.seq === chain.head.seq + 1 ? "winner" : "loser"),
      missesWitnessed: () => false,
    }),
  ).toBe(undefined);
});

test("a journal that was moved away is not made again; opening with O_CREAT would acknowledge into a file nobody reads", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules);
    await place.write(1);
    const store = await place.open();
    await place.files.rename(SEGMENT, `${SEGMENT}-away`);
    await place.files.unlink("/orch/journal/begun");
    return store
      .transact(add("x"), () => count("x"))
      .then(
        () => "acknowledged",
        (error: { code: string }) => error.code,
      );
  };
  expect(await scene({})).toBe("STORE_REPLACED");
  expect(await scene({ isStillThere: async () => true })).toBe("acknowledged");
});

test("when the newest fold is damaged the older one and its segments are still there; deleting below the newest loses all", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules);
    for (let n = 0; n < 12; n += 1) await place.write(1);
    const folds = place.disk
      .paths()
      .filter((path) => path.startsWith("/orch/folds/"))
      .sort();
    place.disk.find(folds.at(-1) ?? "")?.corrupt(400);
    return place.read().then(
      ({ seq }) => seq > 12,
      (error: { code: string }) => error.code,
    );
  };
  expect(await scene({})).toBe(true);
  expect(await scene({ deletableBelow: (segments) => Math.max(...segments) })).toBe("JOURNAL_DAMAGED");
});

test("a fold of another journal is not believed; unchecked it would be", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules);
    for (let n = 0; n < 4; n += 1) await place.write(1);
    const other = await newPlace({});
    await other.write(2);
    const fold =
      place.disk
        .paths()
        .filter((path) => path.startsWith("/orch/folds/"))
        .sort()
        .at(-1) ?? "";
    const file = await other.files.open(fold, "create");
    await file.write(place.disk.find(fold)?.content() ?? Buffer.alloc(0));
    return other.read(rules).then(
      ({ seq, trouble }) => trouble?.code ?? seq,
      (error: { code: string }) => error.code,
    );
  };
  expect(await scene({})).toBe("JOURNAL_DAMAGED");
  expect(await scene({ matchesJournal: () => true })).not.toBe("JOURNAL_DAMAGED");
});

test("who lost three races makes the others wait; without turns nobody sees that it is behind", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    const [slow, fast] = [await place.open(), await place.open()];
    const turns: boolean[] = [];
    await slow.transact(add("slow"), () => {
      turns.push(place.disk.find("/orch/locks/turn") !== undefined);
      if (turns.length < 6) place.interrupt(() => fast.transact(add("fast"), () => count("fast")));
      return count("slow");
    });
    return turns.includes(true);
  };
  expect(await scene({})).toBe(true);
  expect(await scene({ takesTurn: () => false })).toBe(false);
});

test("who was not let run and lost a race or two tries on; by the clock alone it would be refused", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    const [slow, fast] = [await place.open(), await place.open()];
    for (const name of ["a", "b"]) {
      place.interrupt(async () => {
        place.pass(6000);
        await fast.transact(add("fast"), () => count("fast"));
      });
      const refused = await slow
        .transact(add(name), () => count(name))
        .then(
          () => undefined,
          (error: { code: string }) => error.code,
        );
      if (refused !== undefined) return refused;
    }
    return "recorded";
  };
  expect(await scene({})).toBe("recorded");
  expect(await scene({ mayGiveUp: () => true })).toBe("STORE_BUSY");
});

test("a record without its newline counts; else its writer says that nothing was recorded, and it is there", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    const store = await place.open();
    place.fillDisk();
    const answer = await store
      .transact(add("x"), () => count("x"))
      .then(
        () => "recorded",
        (error: { code: string }) => error.code,
      );
    place.makeRoom();
    await store.transact(add("y"), () => count("y"));
    return { answer, isThere: (await store.read()).state.counts["x"] === 1 };
  };
  expect(await scene({})).toEqual({ answer: "recorded", isThere: true });
  const needsNewline: Rules["decode"] = (bytes, terminated) => (terminated ? decodeRecord(bytes) : undefined);
  expect(await scene({ decode: needsNewline })).toEqual({ answer: "STORE_UNWRITABLE", isThere: true });
});

test("a durable record counts though a power cut took the newline behind it; by whole lines it would be lost", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    await place.write(2);
    const file = place.disk.find(SEGMENT);
    file?.truncate(file.size - 1);
    file?.append(Buffer.from('\0\0{"v":1,"seq":4,\0\0\n'));
    place.reboot();
    const { seq, trouble } = await place.read();
    return trouble?.code ?? seq;
  };
  expect(await scene({})).toBe(3);
  const wholeLines: Rules["decode"] = (bytes) => {
    const found = decodeRecord(bytes);
    return found?.length === bytes.length ? found : undefined;
  };
  expect(await scene({ decode: wholeLines })).toBe(2);
});

test("what only the poisoned original of a recovered segment knows to be durable is missed; deaf to it, the store goes on without", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    await place.write(3);
    await (await place.files.open(`${SEGMENT}.poisoned`, "create")).close();
    await place.read();
    // Who has not seen the mark yet writes one more record to the original, and never hears that it counts.
    const last = placesIn(place.disk, SEGMENT).at(-1)?.line ?? (undefined as never);
    const { hash, ...line } = last;
    place.disk.find(SEGMENT)?.append(encodeLine({ ...line, seq: 5, prev: hash, durable: 4, id: "late" }).bytes);
    place.flip(4, RECOVERED);
    return place.write(1).catch((error: { code: string }) => error.code);
  };
  expect(await scene({})).toBe("JOURNAL_DAMAGED");
  expect(await scene({ hearsEarlier: () => false })).toBe(undefined);
});

test("a segment that somebody emptied is damage: the first can not be opened, before a later one all can be read", async () => {
  const emptied = async (which: (segments: readonly string[]) => string | undefined) => {
    const place = await newPlace({}, MANY_SEGMENTS);
    while (segmentsIn(place.disk).length < 3) await place.write(1);
    await place.write(1);
    const path = which(segmentsIn(place.disk)) ?? "";
    expect(placesIn(place.disk, path).length).toBeGreaterThan(0);
    place.disk.find(path)?.truncate(0);
    await expect(place.write(1)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
    return place;
  };
  await expect((await emptied((segments) => segments[0])).read()).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  const { seq, trouble } = await (await emptied((segments) => segments.at(-1))).read();
  expect(seq).toBeGreaterThan(3);
  expect(trouble).toMatchObject({ code: "JOURNAL_DAMAGED" });
});

test("without a look at its size an emptied segment is taken for a new one, and its numbers are given again", async () => {
  const place = await newPlace({ isEmptied: () => false }, MANY_SEGMENTS);
  while (segmentsIn(place.disk).length < 3) await place.write(1);
  await place.write(1);
  const before = (await place.read()).seq;
  place.disk.find(segmentsIn(place.disk).at(-1) ?? "")?.truncate(0);
  await place.write(1);
  expect((await place.read()).seq).toBe(before);
});

test("a segment that was just made and holds no record yet is no damage", async () => {
  const place = await newPlace({}, MANY_SEGMENTS);
  while (segmentsIn(place.disk).length === 1) await place.write(1);
  expect(placesIn(place.disk, segmentsIn(place.disk)[1] ?? "")).toEqual([]);
  await place.write(1);
  expect((await place.read()).trouble).toBe(undefined);
});

test("a journal that is emptied under a process that has it open is found damaged by its next look", async () => {
  const scene = async (rules: Partial<Rules>) => {
    const place = await newPlace(rules, ONE_SEGMENT);
    await place.write(3);
    const store = await place.open();
    place.disk.find(SEGMENT)?.truncate(0);
    return store.read().then(
      ({ seq }) => seq,
      (error: { code: string }) => error.code,
    );
  };
  expect(await scene({})).toBe("JOURNAL_DAMAGED");
  expect(await scene({ isStillThere: async () => true })).toBe(4);
});

async function newPlace(rules: Partial<Rules>, limits: Partial<World["limits"]> = {}) {
  const random = seededRandom(1);
  const disk = new SimulatedDisk(random);
  let time = 1000;
  let boot = "boot-1";
  let tokens = 0;
  let room: number | undefined;
  let interruption: (() => Promise<unknown>) | undefined;
  const plain = disk.files();
  /** Before a record is appended, somebody else may be quicker. */
  const files = {
    ...plain,
    open: async (path: string, mode: "read" | "append" | "create") => {
      const file = await plain.open(path, mode);
      return {
        ...file,
        write: async (bytes: Uint8Array) => {
          const run = interruption;
          interruption = undefined;
          if (path === SEGMENT) await run?.();
          if (path !== SEGMENT || room === undefined) return file.write(bytes);
          if (room === 0) throw systemError("ENOSPC", "write", path);
          room = 0;
          return file.write(bytes.subarray(0, -1));
        },
      };
    },
  };
  const worldWith = (broken: Partial<Rules>): World => ({
    files,
    locks: {
      take: async (path) => held(path),
      tryTake: async (path) => held(path),
      holder: async () => undefined,
    },
    clock: { now: () => time, sinceBoot: () => time },
    token: () => {
      tokens += 1;
      return `t${tokens}`;
    },
    boot,
    by: "test",
    limits: { ...LIMITS, foldEvery: 3, foldBurst: 3, segmentBytes: 700, keptSegments: 0, ...limits },
    rules: { ...RULES, ...broken },
    wait: async (milliseconds) => {
      time += milliseconds;
    },
    later: () => ({ cancel: () => undefined }),
    isDead: () => false,
  });
  const open = async (broken = rules) => {
    const store = new FileStore(worldWith(broken), {
      folder: "/orch",
      machine: counts,
      views: () => [],
      keptAside: () => undefined,
    });
    await store.open();
    return store;
  };
  await createStore({ ...worldWith({}), folder: "/orch" });
  return {
    disk,
    files,
    open,
    /** The next record but for its newline still finds room, nothing after it. */
    fillDisk: () => {
      room = 1;
    },
    makeRoom: () => {
      room = undefined;
    },
    interrupt: (run: () => Promise<unknown>) => {
      time += 10;
      interruption = run;
    },
    pass: (milliseconds: number) => {
      time += milliseconds;
    },
    reboot: () => {
      boot = "boot-2";
    },
    flip: (seq: number, segment = SEGMENT) => {
      const place = placesIn(disk, segment).find(({ line }) => line.seq === seq);
      disk.find(segment)?.corrupt((place?.start ?? 0) + 10);
    },
    write: async (times: number) => {
      const store = await open();
      for (let n = 0; n < times; n += 1) await store.transact(add("x"), () => count("x"));
      await store.close();
    },
    /** Two write at once: the second one's record stands behind the first one's with the same number. */
    race: async () => {
      const [a, b] = [await open(), await open()];
      interruption = () => b.transact(add("b"), () => count("b"));
      await a.transact(add("a"), () => count("a"));
    },
    read: async (broken = rules) => {
      const store = await open(broken);
      return store.read();
    },
  };
}

function segmentsIn(disk: SimulatedDisk): readonly string[] {
  return disk
    .paths()
    .filter((path) => path.endsWith(".ndjson"))
    .sort();
}

function held(path: string) {
  return { path, isHeld: () => true, release: async () => undefined, [Symbol.asyncDispose]: async () => undefined };
}
