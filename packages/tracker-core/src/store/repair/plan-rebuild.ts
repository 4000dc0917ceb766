import type { FoldHeader } from "../files/fold-file.ts";
import { NOTHING } from "../files/folding.ts";
import { encodeLine, type Line, RECORD_VERSION, type Unhashed } from "../files/line.ts";
import { JOURNAL_STREAM } from "../record.ts";
import { RANDOM_ID } from "../require-good-intent.ts";
import { closes } from "./read-forward.ts";
import type { Salvage } from "./salvage.ts";

/** One segment as it shall be. */
export interface PlannedSegment {
  readonly first: number;
  readonly content: Buffer;
  /** Whether what stands there now must be replaced. */
  readonly isNew: boolean;
}

/** Where records stand after the rebuild. */
export interface RebuildPlan {
  readonly segments: readonly PlannedSegment[];
  /** Which journal it is afterwards. */
  readonly store: string;
  /** Whether records from some number on have other hashes than before: something before them is lost. */
  readonly isRechained: boolean;
  /** Where the record ends with which a fold ends; `undefined` when the journal no longer has it. */
  positionOf(seq: number): Pick<FoldHeader, "segment" | "offset" | "seq" | "hash" | "store"> | undefined;
}

/**
 * The same records in the same segments, each lost one replaced by a record that says so. Everything depends on the salvage
 * alone: two who repair at once plan the same bytes, and one who died half-way is gone on with.
 */
export function planRebuild({ begin, end, records, firsts, files, forward, folds }: Salvage): RebuildPlan {
  const segments: PlannedSegment[] = [];
  const places = new Map<number, Pick<FoldHeader, "segment" | "offset" | "seq" | "hash">>();
  const starts = firsts.length === 0 || (firsts[0] ?? 0) > begin ? [begin, ...firsts] : firsts;
  let before = begin === 1 ? NOTHING : { ...NOTHING, seq: begin - 1, hash: records.get(begin)?.line.prev ?? "" };
  let isRechained = false;
  let store = folds[0]?.header.store ?? "";
  for (const [index, first] of starts.entries()) {
    const next = starts[index + 1];
    const last = next === undefined ? end : next - 1;
    const now = files.segments.find((segment) => segment.first === first);
    const parts: Buffer[] = [];
    let offset = 0;
    let isNew = now === undefined || forward.damagedSegments.has(first);
    for (let seq = first; seq <= last; seq += 1) {
      const found = records.get(seq);
      const isKept = found !== undefined && found.line.prev === (before.hash ?? "");
      if (found === undefined || found.from !== undefined || !isKept) isNew = true;
      if (found === undefined || (!isKept && found.line.seq > begin)) isRechained = true;
      const encoded = isKept ? framed(found) : encodeLine(rechained(found?.line, { seq, before, next, last }));
      places.set(seq, { segment: first, offset: offset + encoded.bytes.length - 1, seq, hash: encoded.hash });
      parts.push(encoded.bytes);
      offset += encoded.bytes.length;
      before = { seq, hash: encoded.hash, at: found?.line.at ?? before.at };
      if (seq === 1) store = encoded.hash;
    }
    segments.push({ first, content: parts.length === 0 ? NEWLINE : Buffer.concat(parts), isNew });
  }
  const positionOf = (seq: number) => {
    const place = places.get(seq);
    return place === undefined ? undefined : { ...place, store };
  };
  return { segments, store, isRechained, positionOf };
}

function framed({ bytes, line }: { readonly bytes: Buffer; readonly line: Line }) {
  return { bytes: Buffer.concat([NEWLINE, bytes, NEWLINE]), hash: line.hash };
}

function rechained(
  line: Line | undefined,
  place: {
    readonly seq: number;
    readonly before: { readonly hash: string | undefined; readonly at: Line["at"] };
    readonly next: number | undefined;
    readonly last: number;
  },
): Unhashed {
  const { seq, before, next, last } = place;
  const prev = before.hash ?? "";
  if (line !== undefined && (next === undefined || seq !== last || closes(line) === next)) {
    const { hash: _, ...rest } = line;
    return { ...rest, prev };
  }
  const isClosing = next !== undefined && seq === last;
  return {
    v: RECORD_VERSION,
    seq,
    prev,
    durable: 0,
    id: `${RANDOM_ID}lost-${seq}`,
    at: before.at,
    boot: "unknown",
    by: "orch doctor",
    stream: JOURNAL_STREAM,
    facts: [isClosing ? ({ type: "segment-closed", next } as never) : ({ type: "record-lost", seq } as never)],
    describe: isClosing ? `close the segment before record ${next}` : `record ${seq} is lost`,
    outcome: null,
  };
}

const NEWLINE = Buffer.from("\n");
