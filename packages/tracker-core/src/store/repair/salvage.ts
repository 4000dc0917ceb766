import { join } from "node:path";
import { readWhole } from "@orchard/host";
import type { FoldFile } from "../files/fold-file.ts";
import { hashOf, type Line } from "../files/line.ts";
import type { Places } from "../files/places.ts";
import type { World } from "../files/world.ts";
import { type FoundView, type JournalFiles, readJournalFiles } from "./journal-files.ts";
import { MOST_HASHED, mendRecords } from "./mend-record.ts";
import { closes, type ForwardReading, readForward } from "./read-forward.ts";
import { scanLines } from "./scan-lines.ts";

/** A winner that can be had, and whence when not from where it stood. */
export interface Salvaged {
  readonly line: Line;
  readonly bytes: Buffer;
  readonly from?: "copy" | "mended";
}

/** What is left of a journal: every number from `begin` to `end` is in `records` or is lost. */
export interface Salvage {
  readonly files: JournalFiles;
  readonly forward: ForwardReading;
  readonly begin: number;
  readonly end: number;
  readonly records: ReadonlyMap<number, Salvaged>;
  /** The first numbers of the segments as they should be, in order. */
  readonly firsts: readonly number[];
  /** A segment that was named is gone, and nothing says how many records it held. */
  readonly isOpenEnded: boolean;
  /** Numbers whose record is there, but the content that stood beside it is not. */
  readonly withoutContent: ReadonlySet<number>;
  /** Folds of this journal, newest first. */
  readonly folds: readonly FoldFile[];
  /** Paths of views that name another record than the one with their number: taken before a rebuild, which was cut off. */
  readonly staleViews: readonly string[];
}

/** Finds every winner that the files of the journal still prove. `undefined`: there is no journal at all. */
export async function salvage(world: World, places: Places, views: readonly string[]): Promise<Salvage | undefined> {
  const files = await readJournalFiles(world, places, views);
  if (files.segments.length === 0 && files.folds.length === 0 && files.copies.length === 0) return undefined;
  const folds = files.folds.filter(({ header }) => header.store === files.folds[0]?.header.store);
  const begin = beginningOf(world, files, folds);
  const segments = namedOrFilled(files.segments.filter(({ first }) => first >= begin));
  const witnesses = witnessedBy(files, folds);
  const forward = await readForward(world, segments, begin, witnesses);
  const records = new Map<number, Salvaged>(forward.records);
  const losers = new Set([...contradicted(forward, files, folds), ...repeated(records)]);
  for (const [seq, { line }] of [...records]) if (losers.has(line.hash)) records.delete(seq);
  const mended = mendedIn(forward, records);
  takeMendedAtEnd(records, mended);
  const end = Math.max(forward.head, forward.witnessed, witnesses, ...records.keys());
  fill(records, { begin, end }, () => foundElsewhere(files, mended, losers));
  const withoutContent = await dropWithoutContent(world, places, records);
  const staleViews = otherwise(records, files, folds).map(({ path }) => path);
  const found = { files, forward, begin, end, records, folds, withoutContent, staleViews };
  return { ...found, ...outline(segments, forward, records, end) };
}

/** Segments below the folds are removed in time; a creator that slept may have brought the very first one back. */
function beginningOf({ limits }: World, { segments }: JournalFiles, folds: readonly FoldFile[]): number {
  const [oldest, second] = segments;
  const reached = folds[0]?.header.seq ?? 0;
  if (oldest === undefined) return 1;
  if (oldest.first > 1) return reached >= oldest.first - 1 ? oldest.first : 1;
  const [next] = [...scanLines(oldest.content)].flatMap((one) => ("line" in one ? (closes(one.line) ?? []) : []));
  const isBroughtBack = next !== undefined && second !== undefined && next < second.first;
  return isBroughtBack && segments.length > limits.keptSegments && reached >= second.first - 1 ? second.first : 1;
}

/** A file without a record counts only when it is named: else a closer made it that lost its number. */
function namedOrFilled(segments: JournalFiles["segments"]): JournalFiles["segments"] {
  const named = new Set<number>();
  const isFilled = new Set<number>();
  for (const { first, content } of segments) {
    for (const one of scanLines(content)) {
      if (!("line" in one)) continue;
      isFilled.add(first);
      const next = closes(one.line);
      if (next !== undefined) named.add(next);
    }
  }
  return segments.filter(({ first, content }) => isFilled.has(first) || named.has(first) || content.length === 0);
}

function witnessedBy(files: JournalFiles, folds: readonly FoldFile[]): number {
  const names = new Set([...folds.map(({ header }) => header.store), ...namesOf(files)]);
  const seen = files.views.filter((view) => folds.length === 0 || names.has(view.store)).map(({ seq }) => seq);
  return Math.max(0, ...seen, ...folds.map(({ header }) => header.seq));
}

/** A journal is named by the hash of its first record; where that is lost, folds may have its new name already, views not. */
function* namesOf({ segments, copies }: JournalFiles): Iterable<string> {
  for (const content of [...copies, ...segments.map((segment) => segment.content)]) {
    for (const one of scanLines(content)) {
      if (!("line" in one)) continue;
      if (one.line.seq > 2) break;
      yield one.line.seq === 1 ? one.line.hash : one.line.prev;
    }
  }
}

/** Hashes of records at the end that are losers: a view was taken behind another one with their number. */
function contradicted(
  { records, torn }: ForwardReading,
  files: JournalFiles,
  folds: readonly FoldFile[],
): readonly string[] {
  return otherwise(records, files, folds).flatMap(({ seq }) => {
    const found = records.get(seq);
    if (found === undefined || records.has(seq + 1)) return [];
    // Where a rebuild or a recovery wrote it and nothing before it is torn, it is the first with its number: the view is old.
    const segment = files.segments.findLast(({ first }) => first <= seq);
    const isWritten = segment !== undefined && segment.generation > 0;
    const isFirst = !torn.some((one) => one.segment === segment?.first && one.start < found.start);
    return isWritten && isFirst ? [] : [found.line.hash];
  });
}

/** Views of this journal that name another record than the one with their number. */
function otherwise(
  records: ReadonlyMap<number, { readonly line: Line }>,
  { views }: JournalFiles,
  folds: readonly FoldFile[],
): readonly FoundView[] {
  const store = folds[0]?.header.store ?? records.get(1)?.line.hash;
  return views.filter((view) => {
    const found = records.get(view.seq)?.line;
    return view.store === store && found !== undefined && found.hash !== view.hash;
  });
}

/** Who lost a race tries again under the same id: of two records with one id the first is a loser, where its winner is gone. */
function repeated(records: ReadonlyMap<number, Salvaged>): readonly string[] {
  const last = new Map<string, number>();
  for (const [seq, { line }] of records) last.set(line.id, Math.max(seq, last.get(line.id) ?? 0));
  return [...records].flatMap(([seq, { line }]) => {
    const isAtDamage = !records.has(seq + 1) || (seq > 1 && !records.has(seq - 1));
    return isAtDamage && last.get(line.id) !== seq ? [line.hash] : [];
  });
}

/** A killed writer leaves the beginning of a line, never one that its own hash proves but for a byte. */
function mendedIn({ torn }: ForwardReading, records: ReadonlyMap<number, Salvaged>): readonly Salvaged[] {
  const expected = new Set<string>();
  for (const [seq, { line }] of records) if (!records.has(seq - 1)) expected.add(line.prev);
  const effort = { left: MOST_HASHED };
  return torn.flatMap(({ torn: bytes }) =>
    mendRecords(bytes, expected, effort).map((one): Salvaged => ({ ...one, from: "mended" })),
  );
}

/** The last record of all may be the damaged one; then nothing behind it says that one is missing. */
function takeMendedAtEnd(records: Map<number, Salvaged>, mended: readonly Salvaged[]): void {
  for (const one of mended) {
    const { seq, prev, hash } = one.line;
    const follows = records.get(seq - 1)?.line.hash === prev && !records.has(seq + 1);
    if (follows && records.get(seq)?.line.hash !== hash) records.set(seq, one);
  }
}

/**
 * Takes what is missing from elsewhere, proved by the chain alone: a record that its successor names by its hash, or, at the
 * end, one that follows the last winner and was witnessed.
 */
function fill(
  records: Map<number, Salvaged>,
  { begin, end }: { readonly begin: number; readonly end: number },
  elsewhere: () => ReadonlyMap<string, Salvaged>,
): void {
  const missing: number[] = [];
  for (let seq = begin; seq <= end; seq += 1) if (!records.has(seq)) missing.push(seq);
  if (missing.length === 0) return;
  const others = elsewhere();
  for (const seq of missing.toReversed()) {
    const found = others.get(records.get(seq + 1)?.line.prev ?? "");
    if (found?.line.seq === seq) records.set(seq, found);
  }
  const byPredecessor = new Map(
    [...others.values()].toReversed().map((one) => [`${one.line.seq} ${one.line.prev}`, one]),
  );
  for (const seq of missing) {
    const before = seq === 1 ? "" : records.get(seq - 1)?.line.hash;
    if (records.has(seq) || records.has(seq + 1) || before === undefined) continue;
    const found = byPredecessor.get(`${seq} ${before}`);
    if (found !== undefined) records.set(seq, found);
  }
}

function foundElsewhere(
  { copies, segments }: JournalFiles,
  mended: readonly Salvaged[],
  losers: ReadonlySet<string>,
): ReadonlyMap<string, Salvaged> {
  const found = new Map(mended.map((one) => [one.line.hash, one]));
  for (const content of [...copies, ...segments.map((segment) => segment.content)]) {
    for (const one of scanLines(content)) {
      if (!("line" in one) || found.has(one.line.hash) || losers.has(one.line.hash)) continue;
      found.set(one.line.hash, { line: one.line, bytes: one.bytes, from: "copy" });
    }
  }
  return found;
}

/** What stands beside the journal is part of a record; its name is its hash. */
async function dropWithoutContent(
  { files }: World,
  { beside }: Places,
  records: Map<number, Salvaged>,
): Promise<ReadonlySet<number>> {
  const dropped = new Set<number>();
  for (const [seq, { line }] of [...records]) {
    if (line.beside === undefined) continue;
    const content = /^[0-9a-f]{32}$/.test(line.beside) ? await readWhole(files, join(beside, line.beside)) : undefined;
    if (content !== undefined && hashOf(content) === line.beside) continue;
    dropped.add(seq);
    records.delete(seq);
  }
  return dropped;
}

/** The segments as the records that close them name them. */
function outline(
  segments: JournalFiles["segments"],
  { closedBefore }: ForwardReading,
  records: ReadonlyMap<number, Salvaged>,
  end: number,
): Pick<Salvage, "firsts" | "isOpenEnded"> {
  const named = [...records.values()].flatMap(({ line }) => closes(line) ?? []);
  const firsts = new Set([...segments.map(({ first }) => first), ...named]);
  const isOpenEnded =
    closedBefore !== undefined && closedBefore > end && !segments.some(({ first }) => first === closedBefore);
  return { firsts: [...firsts].sort((a, b) => a - b), isOpenEnded };
}
