import { type IsoTime, isOrchardError, type Json } from "@orchard/kernel";
import { storeClosed, syncFailed } from "../errors.ts";
import type { JournalRecord, Machine } from "../record.ts";
import { requireGoodIntent } from "../require-good-intent.ts";
import type { Committed, Decision, Folded, Intent, Listener, Store } from "../store.ts";
import type { View } from "../view.ts";
import { closeSegment } from "./close-segment.ts";
import { commit } from "./commit.ts";
import type { Position } from "./fold-file.ts";
import { readHistory } from "./history.ts";
import { Journal } from "./journal.ts";
import { isFoldDue, isKeptByAnother, keepFold, snapshotOf } from "./keep-folds.ts";
import { keepView, type Moment, type ViewPorts } from "./keep-view.ts";
import { Listeners } from "./listeners.ts";
import { type Places, placesIn } from "./places.ts";
import { recoverSegment } from "./recover-segment.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";
import { Turn } from "./turn.ts";
import { peekView, readView } from "./view-file.ts";
import type { World } from "./world.ts";

export interface FileStoreOptions<State> {
  readonly folder: string;
  readonly machine: Machine<State>;
  readonly views: (state: State) => readonly View<State>[];
  readonly keptAside: (view: string, copy: string) => void;
}

/** The files adapter: one process's hold on a journal. Everything that touches the journal runs one after the other. */
export class FileStore<State> implements Store<State> {
  readonly #world: World;
  readonly #options: FileStoreOptions<State>;
  readonly #places: Places;
  readonly #journal: Journal<State>;
  readonly #turn: Turn;
  readonly #listeners: Listeners<State>;
  readonly #ports: ViewPorts<State>;
  #last: Promise<unknown> = Promise.resolve();
  #tending: Promise<boolean> = Promise.resolve(false);
  #timer: { cancel(): void } | undefined;
  #tendedAt: number;
  #isTouched = false;
  #viewsWereAsked = false;
  #closing: Promise<void> | undefined;

  constructor(world: World, options: FileStoreOptions<State>) {
    this.#world = world;
    this.#options = options;
    this.#tendedAt = world.clock.sinceBoot() + world.limits.restMs - world.limits.tendMs;
    this.#places = placesIn(options.folder);
    this.#journal = new Journal(world, this.#places, options.machine);
    this.#turn = new Turn(world, this.#places);
    this.#listeners = new Listeners(world, this.#places, () => this.#pull());
    this.#ports = {
      world,
      moment: () => this.#moment(),
      witness: (position) => this.#exclusively(() => this.#hear(position)),
      keptAside: options.keptAside,
    };
  }

  async open(): Promise<void> {
    try {
      await this.#exclusively(async () => {
        await this.#journal.load();
        await this.#folded();
      });
    } catch (error) {
      await this.#journal.close();
      throw error;
    }
  }

  async read(): Promise<Folded<State>> {
    this.#requireOpen();
    const folded = await this.#exclusively(() => this.#folded());
    this.#tendLater();
    return folded;
  }

  async transact<R extends Json>(
    intent: Intent,
    decide: (state: State, now: { readonly at: IsoTime; readonly seq: number }) => Decision<R>,
  ): Promise<Committed<State, R>> {
    this.#requireOpen();
    requireGoodIntent(intent);
    const committed = await this.#exclusively(async () => {
      await this.#askViews();
      return commit(this.#journal, this.#turn, intent, decide);
    });
    this.#tendLater();
    return committed;
  }

  subscribe(listener: Listener<State>): { stop(): void } {
    this.#requireOpen();
    return this.#listeners.add(listener, this.#journal.head.seq);
  }

  async *history({ from = 1 }: { readonly from?: number } = {}): AsyncIterable<JournalRecord> {
    const { seq } = await this.read();
    yield* readHistory(this.#world, this.#places, from, { seq, hash: this.#journal.chain.hashAt(seq) });
  }

  async refreshViews(): Promise<void> {
    this.#requireOpen();
    await this.#tending.catch(() => false);
    await this.#keepViews(false);
  }

  close(): Promise<void> {
    this.#closing ??= this.#finish();
    return this.#closing;
  }

  async #finish(): Promise<void> {
    this.#timer?.cancel();
    this.#listeners.stop();
    await this.#tending.catch(() => false);
    try {
      if (this.#isTouched) await this.#tend(false);
    } catch {
      // A view or fold that could not be written is behind, not wrong; the next command writes it.
    } finally {
      await this.#last;
      await this.#journal.close();
    }
  }

  #requireOpen(): void {
    if (this.#closing !== undefined) throw storeClosed();
  }

  /** One use of the journal at a time; what became durable meanwhile is told to the listeners. */
  #exclusively<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#last.then(async () => {
      try {
        return await task();
      } finally {
        await this.#tell();
      }
    });
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** What cannot be told now is told with the next record: it is in the journal. */
  async #tell(): Promise<void> {
    const journal = this.#journal;
    if (!this.#listeners.isAnyone) {
      journal.folding.takeFresh();
      return;
    }
    if (journal.head.seq > journal.durable) return;
    const folded = { state: journal.state, seq: journal.head.seq, at: journal.head.at };
    await this.#listeners.tell(journal.folding.takeFresh(), folded).catch(() => undefined);
  }

  async #pull(): Promise<void> {
    if (this.#closing === undefined) await this.#exclusively(() => this.#folded());
  }

  /** Folds to the end, durable, whatever it takes. */
  async #folded(): Promise<Folded<State>> {
    const journal = this.#journal;
    await this.#settled();
    const trouble = journal.trouble();
    // Of a journal that was emptied nothing can be read, and an empty state would look like one that just began.
    if (trouble !== undefined && journal.head.seq === 0) throw trouble;
    const folded = { state: journal.state, seq: journal.head.seq, at: journal.head.at };
    return trouble === undefined ? folded : { ...folded, trouble };
  }

  async #settled(sync = this.#world.rules.syncBeforeAnswer): Promise<void> {
    const journal = this.#journal;
    for (let tries = 0; ; tries += 1) {
      try {
        await journal.foldToEnd();
        await journal.confirmTrouble();
        await sync(() => journal.settle());
        return;
      } catch (error) {
        if (tries === MOST_TRIES) throw syncFailed(this.#places.journal, error);
        await this.#beginAnew(error);
      }
    }
  }

  async #beginAnew(error: unknown): Promise<void> {
    if (error instanceof SegmentGone) return this.#journal.load();
    if (!(error instanceof SegmentPoisoned)) throw error;
    try {
      await recoverSegment(this.#journal);
    } catch (cause) {
      throw isOrchardError(cause) ? cause : syncFailed(this.#places.journal, cause);
    }
  }

  /** Before the first record of ours: whether a view knows of records that the journal has not. */
  async #askViews(): Promise<void> {
    if (this.#viewsWereAsked) return;
    await this.#settled();
    for (const { path } of this.#options.views(this.#journal.state)) {
      const seen = await peekView(this.#world.files, path);
      if (seen !== undefined && this.#contradicts(seen)) {
        const whole = (await readView(this.#world.files, path))?.header;
        if (whole !== undefined) await this.#hear(whole);
      }
    }
    this.#viewsWereAsked = true;
  }

  #contradicts({ store, seq, hash }: Position): boolean {
    const journal = this.#journal;
    if (store !== journal.folding.store) return false;
    const own = journal.chain.hashAt(seq);
    return seq > journal.head.seq || (own !== undefined && own !== hash);
  }

  /** A view of ours was seen: what it holds was durable. */
  async #hear(position: Position): Promise<void> {
    await this.#settled();
    if (!this.#contradicts(position)) return;
    const { seq } = position;
    if (seq > this.#journal.head.seq) this.#journal.chain.witness(seq);
    else this.#journal.contradicted = `record ${seq} is not the one that was acknowledged`;
  }

  async #moment(): Promise<Moment<State> | undefined> {
    const { rules } = this.#world;
    return this.#exclusively(async () => {
      const journal = this.#journal;
      await this.#settled(rules.syncBeforeView);
      return journal.trouble() === undefined && journal.gap === undefined
        ? { position: journal.position(), state: journal.state }
        : undefined;
    });
  }

  #tendLater(): void {
    this.#isTouched = true;
    if (this.#timer !== undefined || this.#closing !== undefined) return;
    const wait = this.#tendedAt + this.#world.limits.tendMs - this.#world.clock.sinceBoot();
    const begin = () => {
      this.#timer = undefined;
      if (this.#closing !== undefined) return;
      this.#tending = this.#tending.catch(() => false).then(() => this.#tend(true));
      this.#tending.then(
        (more) => more && this.#tendLater(),
        () => undefined,
      );
    };
    this.#timer = this.#world.later(Math.max(0, Math.min(wait, this.#world.limits.tendMs)), begin);
  }

  /** What can wait until after the acknowledgement; returns whether there is more to do later. */
  async #tend(paced: boolean): Promise<boolean> {
    this.#tendedAt = this.#world.clock.sinceBoot();
    await this.#exclusively(async () => {
      if (this.#journal.headEnd > this.#world.limits.segmentBytes) await closeSegment(this.#journal);
    });
    await this.#keepFold();
    return this.#keepViews(paced);
  }

  async #keepFold(): Promise<void> {
    const journal = this.#journal;
    if (isFoldDue(journal) && (await isKeptByAnother(this.#world, this.#places, journal))) return;
    const snapshot = await this.#exclusively(async () => {
      const isDue = isFoldDue(journal) && journal.gap === undefined && journal.trouble() === undefined;
      return isDue ? snapshotOf(journal) : undefined;
    });
    if (snapshot === undefined) return;
    const seq = await keepFold(this.#world, this.#places, this.#options.machine.version ?? 1, snapshot);
    if (seq > journal.folded.seq) journal.folded = { seq, at: journal.head.at };
  }

  async #keepViews(paced: boolean): Promise<boolean> {
    const state = paced ? this.#journal.state : (await this.#moment())?.state;
    let more = false;
    for (const view of state === undefined ? [] : this.#options.views(state)) {
      more = (await keepView(this.#ports, view, paced)) || more;
    }
    return more;
  }
}

const MOST_TRIES = 5;
