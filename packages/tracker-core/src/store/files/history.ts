import { journalDamaged, syncFailed } from "../errors.ts";
import type { JournalRecord, Machine } from "../record.ts";
import { Journal } from "./journal.ts";
import type { Places } from "./places.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";
import type { World } from "./world.ts";

/** The end of a stretch of history: a record that is durable, and its hash. */
export interface HistoryEnd {
  readonly seq: number;
  readonly hash: string | undefined;
}

/**
 * The winners from `from` (or the oldest kept) to `end`. Each is given only once its successor, or `end` itself, vouches for
 * it: in a damaged place a loser may look like a winner. Begins again when segments go under it. Throws `JOURNAL_DAMAGED`
 * when it cannot come to the end.
 */
export async function* readHistory(
  world: World,
  places: Places,
  from: number,
  end: HistoryEnd,
): AsyncIterable<JournalRecord> {
  let next = from;
  for (let tries = 0; next <= end.seq; tries += 1) {
    try {
      for await (const record of readOnce(world, places, next, end)) {
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

async function* readOnce(world: World, places: Places, from: number, end: HistoryEnd): AsyncIterable<JournalRecord> {
  const journal = new Journal(world, places, NO_MACHINE);
  journal.durable = end.seq;
  let held: JournalRecord | undefined;
  try {
    await journal.loadOldest(from);
    for (let isMore = true; isMore; ) {
      isMore = await journal.foldSome();
      for (const record of journal.folding.takeFresh()) {
        if (held !== undefined && held.seq >= from) yield held;
        if (held?.seq === end.seq) return;
        held = record;
      }
    }
    const isRight = held?.seq === end.seq && (end.hash === undefined || journal.chain.hashAt(end.seq) === end.hash);
    if (!isRight)
      throw journalDamaged(places.journal, `its history cannot be read on from record ${held?.seq ?? from}`);
    if (held !== undefined && held.seq >= from) yield held;
  } finally {
    await journal.close();
  }
}

const NO_MACHINE: Machine<null> = { initial: null, evolve: (state) => state };
