import type { Head, Line } from "./line.ts";

/**
 * - `winner`: the next record.
 * - `loser`: its number was taken by another; it does not count and never will.
 * - `impossible`: it follows a record that is not there, so one before it is missing.
 */
export type Verdict = "winner" | "loser" | "impossible";

/** The winners so far, as far as judging the next line needs them. */
export class Chain {
  head: Head;
  /** The highest number that any well-formed line or other witness says was durable. */
  witnessed: number;
  readonly #hashes = new Map<number, string>();
  readonly #remembered: number;

  constructor(head: Head, remembered: number) {
    this.head = head;
    this.witnessed = head.seq;
    this.#remembered = remembered;
    if (head.hash !== undefined) this.#hashes.set(head.seq, head.hash);
  }

  /** The hash of winner `seq`, unless it lies before where we began, or too far back. */
  hashAt(seq: number): string | undefined {
    return this.#hashes.get(seq);
  }

  accept(line: Line): void {
    this.head = { seq: line.seq, hash: line.hash, at: line.at };
    this.#hashes.set(line.seq, line.hash);
    this.#hashes.delete(line.seq - this.#remembered);
    this.witness(line.durable);
  }

  /** Something says that the record `seq` was durable. */
  witness(seq: number): void {
    if (seq > this.witnessed) this.witnessed = seq;
  }
}

/** What `line` is, after the winners of `chain`. */
export function judge(chain: Chain, line: Line): Verdict {
  const { head } = chain;
  if (line.seq === head.seq + 1) {
    return head.hash === undefined || line.prev === head.hash ? "winner" : "impossible";
  }
  if (line.seq > head.seq) return "impossible";
  const before = chain.hashAt(line.seq - 1);
  return before === undefined || line.prev === before ? "loser" : "impossible";
}
