import { join } from "node:path";
import { isSystemError, type OrchardError } from "@orchard/kernel";
import { journalDamaged } from "../errors.ts";
import { Chain } from "./chain.ts";
import type { Journal } from "./journal.ts";
import type { Line } from "./line.ts";
import { linesIn } from "./lines-in.ts";
import { findSegment } from "./open-segment.ts";
import type { Segment } from "./segment.ts";
import { fileOf, poisonOf } from "./segment.ts";

/**
 * After a failed sync: copies the winners of the poisoned segment to its next generation, makes that durable, and begins
 * anew from it. Everything that was ever acknowledged is among them, since every writer looks for the mark between sync and
 * acknowledgement, and the mark was there before the copy began. Of two that recover at once one links its copy, and both
 * use it. Throws
 * `JOURNAL_DAMAGED` when winners are missing or cannot be read back, the system's error when the disk refuses again; all stays as it is.
 */
export async function recoverSegment<State>(journal: Journal<State>): Promise<void> {
  const { world, places } = journal;
  await using _ = await world.locks.take(places.compaction, { command: "recover the journal" });
  const { segment } = journal;
  const newest = await findSegment(world, places, segment.first);
  const poisoned = (await world.files.stat(poisonOf(segment.path))) !== undefined;
  if (newest?.generation === segment.generation && poisoned) {
    await readToEndOf(journal, segment);
    const trouble = troubleHere(journal);
    if (trouble !== undefined) throw trouble;
    if (journal.segment === segment) await copyWinners(journal, segment);
  }
  await journal.load();
}

/** Of a closed segment, what was witnessed beyond it stands in later ones. */
function troubleHere<State>(journal: Journal<State>): OrchardError | undefined {
  return journal.isClosed && !journal.isContradicted ? undefined : journal.trouble();
}

/** Folds what is in the segment; what stops at its end is no matter here. */
async function readToEndOf<State>(journal: Journal<State>, segment: Segment): Promise<void> {
  while (!journal.isClosed && journal.segment === segment && (await journal.foldSome())) {}
}

async function copyWinners<State>(journal: Journal<State>, segment: Segment): Promise<void> {
  const { world, places } = journal;
  const bytes = await readPrefix(segment, journal.headEnd);
  const last = lastWinner(bytes, segment.first);
  // What the disk gives back now is not what was folded: the pages that it did not write are gone.
  if (journal.headEnd > 0 && last !== journal.head.hash) {
    throw journalDamaged(segment.path, "a sync of it failed, and what it holds cannot be read back");
  }
  const target = join(places.journal, fileOf({ first: segment.first, generation: segment.generation + 1 }));
  const temporary = `${target}.${world.token()}.tmp`;
  try {
    await world.rules.copySynced(world.files, temporary, Buffer.concat([bytes, NEWLINE]));
    await world.files.link(temporary, target);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  } finally {
    await world.files.unlink(temporary).catch(() => undefined);
  }
  await world.rules.syncRecovered(() => world.files.syncFolder(places.journal));
}

async function readPrefix({ file }: Segment, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let done = 0; done < length; ) {
    const count = await file.read(bytes.subarray(done), done);
    if (count === 0) return bytes.subarray(0, done);
    done += count;
  }
  return bytes;
}

/** The hash of the last winner in `bytes`, judged from its first byte on. */
function lastWinner(bytes: Buffer, first: number): string | undefined {
  const chain = new Chain({ seq: first - 1, hash: undefined, at: "" }, Number.MAX_SAFE_INTEGER);
  let last: Line | undefined;
  for (const { line } of linesIn(bytes)) {
    if (line.seq !== chain.head.seq + 1) continue;
    chain.accept(line);
    last = line;
  }
  return last?.hash;
}

const NEWLINE = Buffer.from("\n");
