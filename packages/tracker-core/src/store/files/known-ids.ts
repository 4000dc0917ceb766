import type { IsoTime, Json } from "@orchard/kernel";
import { RANDOM_ID } from "../require-good-intent.ts";
import type { Limits } from "./limits.ts";
import type { Line } from "./line.ts";

/** What a repeated id is answered with. */
export interface KnownId {
  readonly seq: number;
  readonly at: IsoTime;
  readonly outcome: Json;
}

/**
 * The ids of the last records and their outcomes: those that somebody may give again for 7 days, of the random ones the
 * last few, which only the call that made them can ask for.
 */
export class KnownIds {
  readonly #limits: Limits;
  readonly #random = new Map<string, KnownId>();
  /** The random ones, oldest first, from `#oldest` on. */
  #order: string[] = [];
  #oldest = 0;
  #given = new Map<string, KnownId>();
  /** Ids of a fold, not looked into until somebody asks. */
  #folded: string | undefined;

  constructor(limits: Limits, folded?: string) {
    this.#limits = limits;
    this.#folded = folded;
  }

  find(id: string): KnownId | undefined {
    this.#unfold();
    return this.#given.get(id) ?? this.#random.get(id);
  }

  add(line: Line): void {
    const known = { seq: line.seq, at: line.at, outcome: line.outcome };
    if (!line.id.startsWith(RANDOM_ID)) {
      this.#given.set(line.id, known);
      return;
    }
    this.#addRandom(line.id, known);
  }

  /** For a fold that ends at `at`: one line of JSON without what is too old to be asked for. */
  fold(at: IsoTime): string {
    this.#unfold();
    const oldest = new Date(Date.parse(at) - this.#limits.idDays * 86_400_000).toISOString();
    this.#given = new Map([...this.#given].filter(([, known]) => known.at >= oldest));
    return JSON.stringify([...this.#given, ...this.#random]);
  }

  #addRandom(id: string, known: KnownId): void {
    if (!this.#random.has(id)) this.#order.push(id);
    this.#random.set(id, known);
    if (this.#random.size <= this.#limits.randomIds) return;
    this.#random.delete(this.#order[this.#oldest] ?? "");
    this.#oldest += 1;
    if (this.#oldest <= this.#limits.randomIds) return;
    this.#order = this.#order.slice(this.#oldest);
    this.#oldest = 0;
  }

  #unfold(): void {
    if (this.#folded === undefined) return;
    const later = [...this.#random, ...this.#given];
    this.#random.clear();
    this.#order = [];
    this.#oldest = 0;
    this.#given = new Map();
    for (const [id, known] of [...(JSON.parse(this.#folded) as [string, KnownId][]), ...later]) {
      if (id.startsWith(RANDOM_ID)) this.#addRandom(id, known);
      else this.#given.set(id, known);
    }
    this.#folded = undefined;
  }
}
