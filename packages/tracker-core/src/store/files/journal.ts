import { join } from "node:path";
import { readWhole } from "@orchard/host";
import { type IsoTime, isoTime, type OrchardError } from "@orchard/kernel";
import { journalDamaged, storeMissing, storeReplaced } from "../errors.ts";
import { JOURNAL_STREAM, type JournalRecord, type Machine } from "../record.ts";
import { Chain } from "./chain.ts";
import type { Draft } from "./draft.ts";
import { type FoldFile, listFolds, type Position, readFold, standsIn } from "./fold-file.ts";
import type { Gap } from "./gap.ts";
import { KnownIds } from "./known-ids.ts";
import { type Beside, type Head, hashOf, type Line, RECORD_VERSION, recordOf } from "./line.ts";
import { findBeginning, findSegment, listSegments, openSegment } from "./open-segment.ts";
import type { Places } from "./places.ts";
import { poison } from "./poison.ts";
import { contradictsClosing, readGap } from "./read-gap.ts";
import type { Segment } from "./segment.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";
import { troubleOf } from "./trouble.ts";
import { askWitnesses } from "./witnesses.ts";
import type { World } from "./world.ts";

/** Before the first record. */
const NOTHING: Head = { seq: 0, hash: "", at: isoTime(0) };

/**
 * The journal as one process has read it: the chain of winners, the state that they add up to, and the descriptor of the
 * segment in which the next one will stand.
 */
export class Journal<State> {
  readonly world: World;
  readonly places: Places;
  readonly machine: Machine<State>;
  state: State;
  chain: Chain;
  ids: KnownIds;
  /** The newest fold that we know of. */
  folded = { seq: 0, at: NOTHING.at };
  /** Behind the last record of `chain`, in `segment`; 0 when the segment has none yet. */
  headEnd = 0;
  /** The highest number that we know to be durable. */
  durable = 0;
  /** The hash of the first record: which journal this is. */
  store = "";
  gap: Gap | undefined;
  newer: number | undefined;
  /** What proves that the chain is not the one that was acknowledged. */
  contradicted: string | undefined;
  /** Records since they were last taken from here. */
  fresh: JournalRecord[] = [];
  /** A record that was appended, and which one won its number, however many came after it. */
  awaited: { readonly seq: number; winner?: string } | undefined;
  #segment: Segment | undefined;
  #offset = 0;
  #closed: number | undefined;
  #isContradicted = false;
  #isFollowed = false;
  #nameIsDurable = false;
  #buffer: Buffer | undefined;

  constructor(world: World, places: Places, machine: Machine<State>) {
    this.world = world;
    this.places = places;
    this.machine = machine;
    this.state = machine.initial;
    this.chain = new Chain(NOTHING, world.limits.hashes);
    this.ids = new KnownIds(world.limits);
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
    return this.#closed !== undefined;
  }

  /** Whether the record that closed the segment is not the one that won. */
  get isContradicted(): boolean {
    return this.#isContradicted;
  }

  /** The hash of winner `seq`, as far as it is remembered. */
  hashOf(seq: number): string | undefined {
    return this.chain.hashAt(seq);
  }

  position(): Position {
    return {
      segment: this.segment.first,
      offset: this.headEnd,
      seq: this.head.seq,
      hash: this.head.hash ?? "",
      store: this.store,
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
    this.chain = new Chain({ ...NOTHING, seq: first - 1, hash: undefined }, this.world.limits.hashes);
  }

  /** Folds everything that is there. Throws {@link SegmentPoisoned} and {@link SegmentGone}. */
  async foldToEnd(): Promise<void> {
    while (await this.foldSome()) {}
  }

  /** Folds the next part; `false` when nothing is left. */
  async foldSome(): Promise<boolean> {
    if (this.newer !== undefined || this.#isContradicted) return false;
    if (this.#closed !== undefined) {
      await this.#passOn(this.#closed);
      return true;
    }
    this.#buffer ??= Buffer.allocUnsafe(this.world.limits.readBytes);
    const count = await this.segment.file.read(this.#buffer, this.#offset);
    if (count === 0) return false;
    const before = this.#offset;
    await this.#take(this.#buffer.subarray(0, count), count < this.#buffer.length);
    return this.#offset > before && (count === this.#buffer.length || this.#closed !== undefined);
  }

  /**
   * Makes everything that was folded durable. Throws {@link SegmentPoisoned} when the disk refuses, now or earlier, and
   * {@link SegmentGone} when the path names another file.
   */
  async settle(): Promise<void> {
    const { seq } = this.head;
    if (seq > this.durable) await this.#syncSegment();
    await this.#requirePlace();
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

  /** Throws what the machine would throw on folding `draft`. */
  rehearse(draft: Draft, now: { readonly at: IsoTime; readonly seq: number }): void {
    const kept = JSON.parse(JSON.stringify(draft)) as Draft;
    this.machine.evolve(this.state, { ...kept, ...now, boot: this.world.boot, by: this.world.by });
  }

  takeFresh(): readonly JournalRecord[] {
    const { fresh } = this;
    this.fresh = [];
    return fresh;
  }

  async close(): Promise<void> {
    const segment = this.#segment;
    this.#segment = undefined;
    await segment?.file.close();
  }

  async #begin(): Promise<void> {
    const { world, places, machine } = this;
    const witnessed = Math.max(this.chain.witnessed, this.durable);
    const chain = new Chain(NOTHING, world.limits.hashes);
    chain.witness(witnessed);
    this.gap = undefined;
    this.newer = undefined;
    this.#isContradicted = false;
    this.fresh = [];
    const folds = await listFolds(world, places);
    for (const seq of folds) {
      const fold = await readFold(world, places, seq);
      if (fold === undefined || fold.header.machine !== (machine.version ?? 1)) continue;
      if (await this.#beginAt(fold, witnessed)) return;
      chain.witness(seq);
    }
    if (!(await this.#openIfThere(1))) await this.#explainNoBeginning(folds, chain);
    chain.witness(1);
    this.chain = chain;
    this.state = machine.initial;
    this.ids = new KnownIds(world.limits);
  }

  async #explainNoBeginning(folds: readonly number[], chain: Chain): Promise<never> {
    const { world, places } = this;
    // While we looked, newer folds may have been written and older ones, with their segments, removed.
    if ((await listFolds(world, places)).some((seq) => !folds.includes(seq))) throw new SegmentGone(places.journal);
    const segments = await listSegments(world, places);
    if (segments.length === 0 && this.store !== "") throw storeReplaced(places.journal);
    if (segments.length === 0 && chain.witnessed === 0) throw storeMissing(places.folder);
    throw journalDamaged(places.journal, "its first segment is gone and no fold stands in what is left");
  }

  /** Whether the journal holds the record at which `fold` ends; then we stand behind it. */
  async #beginAt({ header, state, ids }: FoldFile, witnessed: number): Promise<boolean> {
    if (!(await this.#openIfThere(header.segment))) return false;
    if (!(await standsIn(this.world, this.segment, header))) return false;
    this.chain = new Chain(header, this.world.limits.hashes);
    this.chain.witness(witnessed);
    this.state = JSON.parse(state) as State;
    this.ids = new KnownIds(this.world.limits, ids);
    this.folded = { seq: header.seq, at: header.at };
    this.durable = Math.max(this.durable, header.seq);
    this.#identify(header.store);
    this.headEnd = header.offset;
    this.#offset = header.offset;
    this.#nameIsDurable = this.segment.generation === 0;
    return true;
  }

  /** Another journal at the same place is not ours, however well it is made. */
  #identify(store: string): void {
    if (this.store !== "" && this.store !== store) throw storeReplaced(this.segment.path);
    this.store = store;
  }

  async #open(first: number): Promise<void> {
    if (!(await this.#openIfThere(first))) throw new SegmentGone(join(this.places.journal, String(first)));
  }

  async #openIfThere(first: number): Promise<boolean> {
    await this.close();
    this.#offset = 0;
    this.headEnd = 0;
    this.#closed = undefined;
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

  async #syncSegment(): Promise<void> {
    const { files, rules } = this.world;
    const { segment } = this;
    try {
      await rules.sync(segment.file);
      // A generation that a recovery has made, and the very first segment, are named by no record.
      if (!this.#nameIsDurable) await rules.syncRecovered(() => files.syncFolder(this.places.journal));
      this.#nameIsDurable = true;
    } catch (cause) {
      await poison(this.world, segment.path);
      throw new SegmentPoisoned("a sync failed", { cause });
    }
  }

  /** What we read is still the segment that all use; else it may lack what others were told meanwhile. */
  async #requirePlace(): Promise<void> {
    const { files, rules } = this.world;
    const { segment } = this;
    if (await rules.isPoisoned(files, segment.path)) throw new SegmentPoisoned("an earlier sync failed");
    if (!(await rules.isStillThere(files, segment))) throw new SegmentGone(segment.path);
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
      const found = end === start ? undefined : this.world.rules.decode(bytes.subarray(start, end), terminated);
      // What is torn and unterminated may be a record that another writer is just writing.
      if (found === undefined && !terminated) return;
      const recordEnd = start + (found?.length ?? 0);
      if (found !== undefined && !(await this.#takeLine(found.line, base + start, base + recordEnd))) return;
      start = Math.max(terminated ? end + 1 : recordEnd, this.#offset - base);
      this.#offset = base + start;
      if (this.#closed !== undefined) return;
    }
  }

  /** Whether reading goes on behind it. */
  async #takeLine(line: Line, start: number, end: number): Promise<boolean> {
    switch (this.world.rules.judge(this.chain, line)) {
      case "winner":
        await this.#accept(line, end);
        return this.newer === undefined;
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

  async #accept(line: Line, end: number): Promise<void> {
    if (line.v > RECORD_VERSION) {
      this.newer = line.v;
      return;
    }
    const whole = line.beside === undefined ? line : { ...line, ...(await this.#readBeside(line.beside)) };
    const record = recordOf(whole);
    if (line.stream === JOURNAL_STREAM) this.#acceptOwn(line);
    else this.state = this.machine.evolve(this.state, record);
    this.ids.add(whole);
    this.chain.accept(line);
    if (line.seq === this.awaited?.seq) this.awaited.winner = line.hash;
    this.headEnd = end;
    this.fresh.push(record);
  }

  #acceptOwn({ seq, hash, facts }: Line): void {
    if (seq === 1) this.#identify(hash);
    for (const fact of facts as readonly { readonly type: string; readonly next?: number }[]) {
      if (fact.type === "segment-closed") this.#closed = fact.next;
    }
  }

  async #readBeside(name: string): Promise<Beside> {
    const path = join(this.places.beside, name);
    const content = await readWhole(this.world.files, path);
    if (content === undefined || hashOf(content) !== name) {
      throw journalDamaged(path, "it is not what the journal says of it");
    }
    return JSON.parse(content.toString("utf8")) as Beside;
  }
}
