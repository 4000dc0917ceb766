import { join } from "node:path";
import type { OrchardError } from "@orchard/kernel";
import { journalDamaged, storeMissing, storeReplaced } from "../errors.ts";
import type { Machine } from "../record.ts";
import type { Chain } from "./chain.ts";
import { type FoldFile, listFolds, type Position, readFold, standsIn } from "./fold-file.ts";
import { Folding, NOTHING } from "./folding.ts";
import type { Gap } from "./gap.ts";
import type { Head, Line } from "./line.ts";
import { findBeginning, findSegment, listSegments, openSegment } from "./open-segment.ts";
import type { Places } from "./places.ts";
import { contradictsClosing, readGap } from "./read-gap.ts";
import type { Segment } from "./segment.ts";
import { SegmentGone, type SegmentPoisoned } from "./signals.ts";
import { requirePlace, syncSegment } from "./sync-segment.ts";
import { troubleOf } from "./trouble.ts";
import { askWitnesses } from "./witnesses.ts";
import type { World } from "./world.ts";

/**
 * The journal as one process reads it: how far it came in which file, what of it is durable, and what stands in its way. What
 * was read adds up in `folding`.
 */
export class Journal<State> {
  readonly world: World;
  readonly places: Places;
  readonly folding: Folding<State>;
  /** The newest fold that we know of. */
  folded = { seq: 0, at: NOTHING.at };
  /** Behind the last record of `chain`, in `segment`; 0 when the segment has none yet. */
  headEnd = 0;
  /** The highest number that we know to be durable. */
  durable = 0;
  gap: Gap | undefined;
  /** What proves that the chain is not the one that was acknowledged. */
  contradicted: string | undefined;
  #segment: Segment | undefined;
  #offset = 0;
  #isContradicted = false;
  #isFollowed = false;
  #nameIsDurable = false;
  #buffer: Buffer | undefined;

  constructor(world: World, places: Places, machine: Machine<State>) {
    this.world = world;
    this.places = places;
    this.folding = new Folding(world, places, machine);
  }

  get state(): State {
    return this.folding.state;
  }

  get chain(): Chain {
    return this.folding.chain;
  }

  get head(): Head {
    return this.chain.head;
  }

  get segment(): Segment {
    if (this.#segment === undefined) throw new SegmentGone(this.places.journal);
    return this.#segment;
  }

  /** Whether the segment that we read was closed, and the next one is not open yet. */
  get isClosed(): boolean {
    return this.folding.closed !== undefined;
  }

  /** Whether the record that closed the segment is not the one that won. */
  get isContradicted(): boolean {
    return this.#isContradicted;
  }

  position(): Position {
    return {
      segment: this.segment.first,
      offset: this.headEnd,
      seq: this.head.seq,
      hash: this.head.hash ?? "",
      store: this.folding.store,
    };
  }

  /** Begins at the newest fold that stands in the journal. What was known to be durable stays known. */
  async load(): Promise<void> {
    for (let tries = 0; ; tries += 1) {
      try {
        await this.#begin();
        await this.#askOthers();
        return;
      } catch (error) {
        if (!(error instanceof SegmentGone) || tries === 5) throw error;
      }
    }
  }

  /** Begins at the oldest segment that is kept, or at the one that holds `from`. */
  async loadOldest(from: number): Promise<void> {
    const first = await findBeginning(this.world, this.places, from);
    if (first === undefined) throw storeMissing(this.places.folder);
    await this.#open(first);
    this.folding.beginBefore(first);
  }

  /** Folds everything that is there. Throws {@link SegmentPoisoned} and {@link SegmentGone}. */
  async foldToEnd(): Promise<void> {
    while (await this.foldSome()) {}
  }

  /** Folds the next part; `false` when nothing is left. */
  async foldSome(): Promise<boolean> {
    if (this.folding.newer !== undefined || this.#isContradicted) return false;
    if (this.folding.closed !== undefined) {
      await this.#passOn(this.folding.closed);
      return true;
    }
    this.#buffer ??= Buffer.allocUnsafe(this.world.limits.readBytes);
    const count = await this.segment.file.read(this.#buffer, this.#offset);
    if (count === 0) return false;
    const before = this.#offset;
    await this.#take(this.#buffer.subarray(0, count), count < this.#buffer.length);
    return this.#offset > before && (count === this.#buffer.length || this.folding.closed !== undefined);
  }

  /**
   * Makes everything that was folded durable. Throws {@link SegmentPoisoned} when the disk refuses, now or earlier, and
   * {@link SegmentGone} when the path names another file or one that is shorter than what we read.
   */
  async settle(): Promise<void> {
    const { seq } = this.head;
    const { world, places, segment } = this;
    if (seq > this.durable) {
      await syncSegment(world, places, segment, { nameIsDurable: this.#nameIsDurable });
      this.#nameIsDurable = true;
    }
    await requirePlace(world, segment, this.headEnd);
    this.durable = Math.max(this.durable, seq);
  }

  /** Why nothing may be written on top of this, if so. */
  trouble(): OrchardError | undefined {
    return troubleOf(this, { isFollowed: this.#isFollowed });
  }

  /** {@link trouble}, looked at anew: what is missing here may stand in a newer generation of the segment. */
  async confirmTrouble(): Promise<OrchardError | undefined> {
    if (this.trouble() === undefined) return undefined;
    await this.load();
    await this.foldToEnd();
    return this.trouble();
  }

  isRecoverable(gap: Gap): boolean {
    return this.world.rules.isTraceOfPowerCut(gap, this.chain.witnessed, this.world.boot);
  }

  async close(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.file.close();
  }

  async #begin(): Promise<void> {
    const { world, places, folding } = this;
    const known = Math.max(this.chain.witnessed, this.durable);
    let witnessed = known;
    this.gap = undefined;
    this.#isContradicted = false;
    folding.newer = undefined;
    folding.fresh = [];
    const folds = await listFolds(world, places);
    for (const seq of folds) {
      const fold = await readFold(world, places, seq);
      if (fold === undefined || fold.header.machine !== (folding.machine.version ?? 1)) continue;
      if (await this.#beginAt(fold, known)) return;
      witnessed = Math.max(witnessed, seq);
    }
    if (!(await this.#openIfThere(1))) await this.#explainNoBeginning(folds, witnessed);
    folding.beginEmpty(Math.max(witnessed, 1));
  }

  async #explainNoBeginning(folds: readonly number[], witnessed: number): Promise<never> {
    const { world, places } = this;
    // While we looked, newer folds may have been written and older ones, with their segments, removed.
    if ((await listFolds(world, places)).some((seq) => !folds.includes(seq))) throw new SegmentGone(places.journal);
    const segments = await listSegments(world, places);
    if (segments.length === 0 && this.folding.store !== "") throw storeReplaced(places.journal);
    if (segments.length === 0 && witnessed === 0) throw storeMissing(places.folder);
    throw journalDamaged(places.journal, "its first segment is gone and no fold stands in what is left");
  }

  /** Whether the journal holds the record at which `fold` ends; then we stand behind it. */
  async #beginAt(fold: FoldFile, witnessed: number): Promise<boolean> {
    const { segment, offset, seq, at } = fold.header;
    if (!(await this.#openIfThere(segment))) return false;
    if (!(await standsIn(this.world, this.segment, fold.header))) return false;
    this.folding.beginAt(fold, witnessed);
    this.folded = { seq, at };
    this.durable = Math.max(this.durable, seq);
    this.headEnd = offset;
    this.#offset = offset;
    this.#nameIsDurable = this.segment.generation === 0;
    return true;
  }

  async #open(first: number): Promise<void> {
    if (!(await this.#openIfThere(first))) throw new SegmentGone(join(this.places.journal, String(first)));
  }

  async #openIfThere(first: number): Promise<boolean> {
    await this.close();
    this.#offset = 0;
    this.headEnd = 0;
    this.folding.closed = undefined;
    const name = await findSegment(this.world, this.places, first);
    const segment = name === undefined ? undefined : await openSegment(this.world, this.places, name);
    this.#segment = segment;
    this.#nameIsDurable = false;
    return segment !== undefined;
  }

  async #passOn(next: number): Promise<void> {
    this.#isContradicted = await contradictsClosing(this.world, this.segment, this.chain, this.headEnd);
    if (this.#isContradicted) return;
    if (this.head.seq > this.durable) await this.world.rules.syncClosed(() => this.settle());
    await this.#open(next);
    this.#nameIsDurable = this.segment.generation === 0;
    await this.#askOthers();
  }

  async #askOthers(): Promise<void> {
    const { later, earlier } = await askWitnesses(this.world, this.places, this.segment);
    this.#isFollowed = later > 0;
    this.chain.witness(Math.max(later, earlier));
  }

  async #take(bytes: Buffer, atEnd: boolean): Promise<void> {
    const base = this.#offset;
    for (let start = 0; start < bytes.length; ) {
      const newline = bytes.indexOf(10, start);
      const terminated = newline !== -1;
      if (!terminated && !atEnd) {
        // Longer than any record: the rest of it is torn too.
        if (start === 0) this.#offset = base + bytes.length;
        return;
      }
      const end = terminated ? newline : bytes.length;
      const line = bytes.subarray(start, end);
      const found = end === start ? undefined : this.world.rules.decode(line, terminated, this.chain);
      // What is torn and unterminated may be a record that another writer is just writing.
      if (found === undefined && !terminated) return;
      const recordEnd = start + (found?.length ?? 0);
      const goesOn = found === undefined || this.#takeLine(found.line, base + start, base + recordEnd);
      // Waiting costs, and most lines need none.
      if (!(typeof goesOn === "boolean" ? goesOn : await goesOn)) return;
      start = Math.max(terminated ? end + 1 : recordEnd, this.#offset - base);
      this.#offset = base + start;
      if (this.folding.closed !== undefined) return;
    }
  }

  /** Whether reading goes on behind it. */
  #takeLine(line: Line, start: number, end: number): boolean | Promise<boolean> {
    switch (this.world.rules.judge(this.chain, line)) {
      case "winner":
        return this.#accept(line, end);
      case "loser":
        this.chain.witness(line.durable);
        return true;
      case "impossible":
        return this.#jumpGap(start);
    }
  }

  async #jumpGap(from: number): Promise<boolean> {
    const gap = await readGap(this.world, this.segment, this.chain, from);
    this.gap = gap.recovered === undefined ? gap : undefined;
    if (gap.recovered === undefined) return false;
    await this.#accept(gap.recovered.line, gap.recovered.end);
    this.#offset = gap.recovered.end;
    return true;
  }

  /** Whether it was of a version that we know. */
  #accept(line: Line, end: number): boolean | Promise<boolean> {
    const reading = this.folding.accept(line);
    return reading === undefined ? this.#moveTo(end) : reading.then(() => this.#moveTo(end));
  }

  #moveTo(end: number): boolean {
    if (this.folding.newer !== undefined) return false;
    this.headEnd = end;
    return true;
  }
}
