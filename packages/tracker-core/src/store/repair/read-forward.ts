import { Chain } from "../files/chain.ts";
import { NOTHING } from "../files/folding.ts";
import { isTraceOfPowerCut } from "../files/gap.ts";
import { type Line, RECORD_VERSION } from "../files/line.ts";
import { contradictsClosing, readGap } from "../files/read-gap.ts";
import type { Segment } from "../files/segment.ts";
import type { World } from "../files/world.ts";
import { JOURNAL_STREAM } from "../record.ts";
import type { SegmentContent } from "./journal-files.ts";
import { type FoundRecord, scanLines, type TornBytes } from "./scan-lines.ts";

/** Torn bytes, and the segment in which they stand. */
export interface TornIn extends TornBytes {
  readonly segment: number;
}

/** What the segments say when damage is stepped over instead of stopped at. */
export interface ForwardReading {
  /** The winners, by number. */
  readonly records: Map<number, FoundRecord>;
  /** Number and segment of each record behind a damaged place. */
  readonly damagedSegments: Set<number>;
  readonly torn: readonly TornIn[];
  /** The highest number that a line knew to be durable, and the highest that was read. */
  readonly witnessed: number;
  readonly head: number;
  /** Where the last record that closed a segment says that the next one begins. */
  readonly closedBefore: number | undefined;
  /** Lines of another history, which followed records that do not count. */
  readonly strays: readonly Line[];
  /** Records of a version that we do not know begin here. */
  readonly newer: { readonly seq: number; readonly version: number } | undefined;
}

/**
 * Reads all segments as the store does, and goes on behind what it would stop at: the first line that follows a record
 * which is not there is taken for the next winner, until a later one proves that it was a loser. What a power cut left and
 * a writer gave up stays given up.
 */
export async function readForward(
  world: World,
  segments: readonly SegmentContent[],
  begin: number,
  witnesses: number,
): Promise<ForwardReading> {
  const reading = new Reading(world, begin, witnesses);
  for (const [index, segment] of segments.entries()) {
    await reading.segment(segment, index === segments.length - 1);
    if (reading.newer !== undefined) break;
  }
  return reading;
}

class Reading implements ForwardReading {
  readonly records = new Map<number, FoundRecord>();
  readonly damagedSegments = new Set<number>();
  readonly torn: TornIn[] = [];
  readonly strays: Line[] = [];
  closedBefore: number | undefined;
  newer: ForwardReading["newer"];
  readonly #world: World;
  readonly #witnesses: number;
  #chain: Chain;

  constructor(world: World, begin: number, witnesses: number) {
    this.#world = world;
    this.#witnesses = witnesses;
    this.#chain = new Chain(
      begin === 1 ? NOTHING : { ...NOTHING, seq: begin - 1, hash: undefined },
      Number.MAX_SAFE_INTEGER,
    );
  }

  get witnessed(): number {
    return this.#chain.witnessed;
  }

  get head(): number {
    return this.#chain.head.seq;
  }

  async segment(segment: SegmentContent, isLast: boolean): Promise<void> {
    if (segment.content.length === 0) this.damagedSegments.add(segment.first);
    let givenUpTo = 0;
    for (const found of scanLines(segment.content)) {
      if ("torn" in found) {
        this.torn.push({ ...found, segment: segment.first });
        continue;
      }
      if (found.start < givenUpTo) continue;
      const next = await this.#take(segment, found, isLast);
      if (next === "ends") return;
      givenUpTo = Math.max(givenUpTo, next);
    }
  }

  /** The offset up to which the segment was given up, or that nothing behind counts. */
  async #take(segment: SegmentContent, found: FoundRecord, isLast: boolean): Promise<number | "ends"> {
    const { line } = found;
    switch (this.#world.rules.judge(this.#chain, line)) {
      case "loser":
        this.#chain.witness(line.durable);
        return 0;
      case "winner":
        return this.#accept(segment, found);
      case "impossible": {
        const opened = segmentOver(segment);
        const gap = await readGap(this.#world, opened, this.#chain, found.start);
        if (gap.recovered !== undefined) {
          const { line: recovered, end } = gap.recovered;
          const start = segment.content.lastIndexOf(10, end - 1) + 1;
          await this.#accept(segment, { line: recovered, bytes: segment.content.subarray(start, end), start });
          return end;
        }
        const witnessed = Math.max(this.witnessed, this.#witnesses);
        if (isLast && isTraceOfPowerCut(gap, witnessed, this.#world.boot)) return "ends";
        return this.#stepOver(segment, found);
      }
    }
  }

  async #accept(segment: SegmentContent, found: FoundRecord): Promise<number | "ends"> {
    const { line } = found;
    if (line.v > RECORD_VERSION) {
      this.newer = { seq: line.seq, version: line.v };
      return "ends";
    }
    this.records.set(line.seq, found);
    this.#chain.accept(line);
    this.closedBefore = closes(line);
    if (this.closedBefore === undefined) return 0;
    const isFalse = await contradictsClosing(
      this.#world,
      segmentOver(segment),
      this.#chain,
      found.start + found.bytes.length,
    );
    return isFalse ? 0 : "ends";
  }

  /** What stands at or below the head on another predecessor is of another history; what stands right after the head proves it false. */
  #stepOver(segment: SegmentContent, found: FoundRecord): Promise<number | "ends"> | number {
    const { line } = found;
    const { seq } = this.#chain.head;
    if (line.seq <= seq) {
      this.strays.push(line);
      this.#chain.witness(line.durable);
      return 0;
    }
    this.damagedSegments.add(segment.first);
    if (line.seq === seq + 1) this.records.delete(seq);
    const { witnessed } = this.#chain;
    this.#chain = new Chain({ seq: line.seq - 1, hash: line.prev, at: line.at }, Number.MAX_SAFE_INTEGER);
    this.#chain.witness(witnessed);
    return this.#accept(segment, found);
  }
}

/** Where the next segment begins, when `line` closed one. */
export function closes({ stream, facts }: Line): number | undefined {
  if (stream !== JOURNAL_STREAM) return undefined;
  const found = (facts as readonly { readonly type: string; readonly next?: number }[]).find(
    ({ type }) => type === "segment-closed",
  );
  return found?.next;
}

/** The content that was read, as the rules of reading want it. */
function segmentOver({ first, generation, path, content }: SegmentContent): Segment {
  const stat = { kind: "file", dev: 0, ino: 0, size: content.length, changedAt: 0 } as const;
  const refuse = () => Promise.reject(new Error("only read"));
  return {
    first,
    generation,
    path,
    stat,
    file: {
      read: async (into, position) => content.copy(into, 0, position),
      stat: async () => stat,
      write: refuse,
      sync: refuse,
      dataSync: refuse,
      close: async () => undefined,
    },
  };
}
