import { join } from "node:path";
import { writeDurable } from "@orchard/host";
import { isoTime } from "@orchard/kernel";
import { inDoubt, storeUnwritable } from "../errors.ts";
import type { Draft } from "./draft.ts";
import type { Journal } from "./journal.ts";
import { type EncodedLine, encodeLine, hashOf, RECORD_VERSION, type Unhashed } from "./line.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";

/**
 * Appends one record after the head and reads back: `won` when it is the first with its number, `lost` when another is.
 * Nothing is durable yet. Throws `STORE_UNWRITABLE` when no part of it counts or ever will, `IN_DOUBT` when that cannot be
 * found out; {@link SegmentPoisoned} and {@link SegmentGone} when the answer must be looked for after a new beginning.
 */
export async function appendRecord<State>(journal: Journal<State>, draft: Draft): Promise<"won" | "lost"> {
  const { rules, limits } = journal.world;
  const { segment } = journal;
  const seq = journal.head.seq + 1;
  const line = await lineOf(journal, draft);
  const awaited: { readonly seq: number; winner?: string } = { seq };
  journal.folding.awaited = awaited;
  for (let tries = 0; ; tries += 1) {
    let failure: unknown;
    try {
      const count = await rules.append(segment.file, line.bytes);
      if (count < line.bytes.length && rules.believesFailures()) throw storeUnwritable(segment.path, "short write");
    } catch (error) {
      if (rules.believesFailures()) throw storeUnwritable(segment.path, error);
      failure = error;
    }
    await readBack(journal, draft.id);
    if (awaited.winner === line.hash || rules.trustsUnread()) return "won";
    if (journal.head.seq >= seq) return "lost";
    // Not a whole record, and never will be: the write is over, and nobody sends the rest.
    if (failure !== undefined || tries === limits.shortWrites) {
      throw storeUnwritable(segment.path, failure ?? new Error("the disk took only a part of the record"));
    }
  }
}

async function readBack<State>(journal: Journal<State>, id: string): Promise<void> {
  try {
    await journal.world.rules.readBack(() => journal.foldToEnd());
  } catch (error) {
    if (error instanceof SegmentPoisoned || error instanceof SegmentGone) throw error;
    throw inDoubt(id, error);
  }
}

async function lineOf<State>(journal: Journal<State>, draft: Draft): Promise<EncodedLine> {
  const { limits } = journal.world;
  const line = encodeLine(unhashed(journal, draft));
  if (line.bytes.length <= limits.recordBytes) return line;
  const beside = await putBeside(journal, draft);
  return encodeLine({ ...unhashed(journal, { ...draft, facts: [], outcome: null }), beside });
}

/** The content is durable before the record that names it is written. */
async function putBeside<State>(journal: Journal<State>, { facts, outcome }: Draft): Promise<string> {
  const { world, places } = journal;
  const content = JSON.stringify({ facts, outcome });
  const name = hashOf(content);
  try {
    await writeDurable(world.files, join(places.beside, name), content);
  } catch (error) {
    throw storeUnwritable(places.beside, error);
  }
  return name;
}

function unhashed<State>(journal: Journal<State>, draft: Draft): Unhashed {
  const { world, head } = journal;
  return {
    v: RECORD_VERSION,
    seq: head.seq + 1,
    prev: head.hash ?? "",
    durable: journal.durable,
    id: draft.id,
    at: draft.at ?? world.rules.timeOf(isoTime(world.clock.now()), head.at),
    boot: world.boot,
    by: world.by,
    stream: draft.stream,
    facts: draft.facts,
    describe: draft.describe,
    outcome: draft.outcome,
    ...(draft.operation === undefined ? {} : { operation: draft.operation }),
  };
}
