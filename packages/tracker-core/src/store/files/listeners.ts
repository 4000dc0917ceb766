import { isOrchardError } from "@orchard/kernel";
import type { JournalRecord } from "../record.ts";
import type { Folded, Listener } from "../store.ts";
import { readHistory } from "./history.ts";
import type { Places } from "./places.ts";
import type { World } from "./world.ts";

/** Who wants to hear of records, and the push that makes us look for them: a watch on the folder, and a slow poll beside it. */
export class Listeners<State> {
  readonly #world: World;
  readonly #places: Places;
  readonly #pull: () => Promise<void>;
  /** Each listener and the last record that it heard of. */
  readonly #listeners = new Map<Listener<State>, number>();
  #watch: { stop(): void } | undefined;
  #poll: { cancel(): void } | undefined;
  #isPulling = false;
  #isCalled = false;

  constructor(world: World, places: Places, pull: () => Promise<void>) {
    this.#world = world;
    this.#places = places;
    this.#pull = pull;
  }

  get isAnyone(): boolean {
    return this.#listeners.size > 0;
  }

  add(listener: Listener<State>, heard: number): { stop(): void } {
    const own: Listener<State> = (records, folded) => listener(records, folded);
    this.#listeners.set(own, heard);
    this.#start();
    return {
      stop: () => {
        this.#listeners.delete(own);
        if (this.#listeners.size === 0) this.#end();
      },
    };
  }

  stop(): void {
    this.#listeners.clear();
    this.#end();
  }

  /** Gives each the records that it has not heard of; what is missing before the first of them is read from the journal. */
  async tell(records: readonly JournalRecord[], folded: Folded<State>): Promise<void> {
    for (const [listener, heard] of this.#listeners) {
      if (heard >= folded.seq) continue;
      const news = await this.#after(heard, records, folded.seq);
      if (news.length === 0 || !this.#listeners.has(listener)) continue;
      this.#listeners.set(listener, folded.seq);
      try {
        listener(news, folded);
      } catch {
        // The listener's own affair: the others and the store go on.
      }
    }
  }

  async #after(heard: number, records: readonly JournalRecord[], last: number): Promise<readonly JournalRecord[]> {
    const news = records.filter(({ seq }) => seq > heard && seq <= last);
    if (news[0]?.seq === heard + 1) return news;
    const missed: JournalRecord[] = [];
    try {
      const end = { seq: last, hash: undefined };
      for await (const record of readHistory(this.#world, this.#places, heard + 1, end)) missed.push(record);
      return missed;
    } catch (error) {
      // What lies between cannot be read any more; what we have is still news.
      if (isOrchardError(error, "JOURNAL_DAMAGED")) return news;
      throw error;
    }
  }

  #start(): void {
    if (this.#poll !== undefined) return;
    try {
      this.#watch = this.#world.files.watchFolder(this.#places.journal, () => this.#look());
    } catch {
      // No watcher left on this machine: the poll alone sees everything, later.
    }
    const again = () => {
      this.#poll = this.#world.later(this.#world.limits.pollMs, () => {
        again();
        this.#look();
      });
    };
    again();
  }

  #end(): void {
    this.#watch?.stop();
    this.#poll?.cancel();
    this.#watch = undefined;
    this.#poll = undefined;
  }

  /** Any number of calls while one look is under way make one more. */
  #look(): void {
    this.#isCalled = true;
    if (this.#isPulling) return;
    this.#isPulling = true;
    void this.#lookWhileCalled().finally(() => {
      this.#isPulling = false;
    });
  }

  async #lookWhileCalled(): Promise<void> {
    while (this.#isCalled && this.isAnyone) {
      this.#isCalled = false;
      await this.#pull().catch(() => undefined);
    }
  }
}
