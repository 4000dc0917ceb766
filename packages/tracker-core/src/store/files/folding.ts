import { join } from "node:path";
import { readWhole } from "@orchard/host";
import { type IsoTime, isoTime } from "@orchard/kernel";
import { journalDamaged, storeReplaced } from "../errors.ts";
import { JOURNAL_STREAM, type JournalRecord, type Machine } from "../record.ts";
import { Chain } from "./chain.ts";
import type { Draft } from "./draft.ts";
import type { FoldFile } from "./fold-file.ts";
import { KnownIds } from "./known-ids.ts";
import { type Beside, type Head, hashOf, type Line, RECORD_VERSION, recordOf } from "./line.ts";
import type { Places } from "./places.ts";
import type { World } from "./world.ts";

/** Before the first record. */
export const NOTHING: Head = { seq: 0, hash: "", at: isoTime(0) };

/** What the winners that were read add up to, wherever they stand. */
export class Folding<State> {
  readonly world: World;
  readonly places: Places;
  readonly machine: Machine<State>;
  state: State;
  chain: Chain;
  ids: KnownIds;
  /** The hash of the first record: which journal this is. */
  store = "";
  newer: number | undefined;
  /** The number at which the next segment begins, once the one that is read was closed. */
  closed: number | undefined;
  /** Records since they were last taken from here. */
  fresh: JournalRecord[] = [];
  /** A record that was appended, and which one won its number, however many came after it. */
  awaited: { readonly seq: number; winner?: string } | undefined;

  constructor(world: World, places: Places, machine: Machine<State>) {
    this.world = world;
    this.places = places;
    this.machine = machine;
    this.state = machine.initial;
    this.chain = new Chain(NOTHING, world.limits.hashes);
    this.ids = new KnownIds(world.limits);
  }

  /** Begins before the first record. */
  beginEmpty(witnessed: number): void {
    this.#beginAfter(NOTHING, witnessed);
    this.state = this.machine.initial;
    this.ids = new KnownIds(this.world.limits);
  }

  /** Begins behind the record with which `fold` ends. */
  beginAt({ header, state, ids }: FoldFile, witnessed: number): void {
    this.identify(header.store);
    this.#beginAfter(header, witnessed);
    this.state = JSON.parse(state) as State;
    this.ids = new KnownIds(this.world.limits, ids);
  }

  /** Begins before record `first`, of whose predecessor we know nothing. */
  beginBefore(first: number): void {
    this.#beginAfter({ ...NOTHING, seq: first - 1, hash: undefined }, 0);
  }

  #beginAfter(head: Head, witnessed: number): void {
    this.chain = new Chain(head, this.world.limits.hashes);
    this.chain.witness(witnessed);
  }

  /** Takes a winner, or notes that it is of a version that we do not know. At once, unless a part of it stands beside. */
  accept(line: Line): Promise<void> | undefined {
    if (line.v > RECORD_VERSION) {
      this.newer = line.v;
      return undefined;
    }
    if (line.beside !== undefined) return this.#acceptWith(line, line.beside);
    this.#acceptWhole(line, line);
    return undefined;
  }

  async #acceptWith(line: Line, beside: string): Promise<void> {
    this.#acceptWhole(line, { ...line, ...(await this.#readBeside(beside)) });
  }

  #acceptWhole(line: Line, whole: Line): void {
    const record = recordOf(whole);
    if (line.stream === JOURNAL_STREAM) this.#acceptOwn(line);
    else this.state = this.machine.evolve(this.state, record);
    this.ids.add(whole);
    this.chain.accept(line);
    if (line.seq === this.awaited?.seq) this.awaited.winner = line.hash;
    this.fresh.push(record);
  }

  #acceptOwn({ seq, hash, facts }: Line): void {
    if (seq === 1) this.identify(hash);
    for (const fact of facts as readonly { readonly type: string; readonly next?: number }[]) {
      if (fact.type === "segment-closed") this.closed = fact.next;
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

  /** Another journal at the same place is not ours, however well it is made. */
  identify(store: string): void {
    if (this.store !== "" && this.store !== store) throw storeReplaced(this.places.journal);
    this.store = store;
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
}
