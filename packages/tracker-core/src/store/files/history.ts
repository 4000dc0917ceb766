import { syncFailed } from "../errors.ts";
import type { JournalRecord, Machine } from "../record.ts";
import { Journal } from "./journal.ts";
import type { Places } from "./places.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";
import type { World } from "./world.ts";

/** The winners from `from` (or the oldest kept) to `last`, which must be durable. Begins again when segments go under it. */
export async function* readHistory(
  world: World,
  places: Places,
  from: number,
  last: number,
): AsyncIterable<JournalRecord> {
  let next = from;
  for (let tries = 0; next <= last; tries += 1) {
    try {
      for await (const record of readOnce(world, places, next, last)) {
        next = record.seq + 1;
        yield record;
      }
      return;
    } catch (error) {
      if (!(error instanceof SegmentGone) && !(error instanceof SegmentPoisoned)) throw error;
      if (tries === 5) throw syncFailed(places.journal, error);
    }
  }
}

async function* readOnce(world: World, places: Places, from: number, last: number): AsyncIterable<JournalRecord> {
  const journal = new Journal(world, places, NO_MACHINE);
  try {
    await journal.loadOldest(from);
    let isMore = true;
    while (isMore) {
      isMore = await journal.foldSome();
      for (const record of journal.takeFresh()) {
        if (record.seq > last) return;
        if (record.seq >= from) yield record;
      }
    }
  } finally {
    await journal.close();
  }
}

const NO_MACHINE: Machine<null> = { initial: null, evolve: (state) => state };
