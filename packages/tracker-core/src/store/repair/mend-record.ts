import { decodeRecord, hashOf, type Line, TAIL_LENGTH, tailOf } from "../files/line.ts";

/** How many bytes may still be hashed for all torn lines of a journal together; each try costs a little besides. */
export interface Effort {
  left: number;
}

/** A record that a damaged line proves to have been. */
export interface MendedRecord {
  readonly line: Line;
  readonly bytes: Buffer;
}

/**
 * Records that stand in `torn` bytes after all: behind something else on the line, or with one byte changed. Nothing is
 * guessed: a record counts only when its own hash vouches for every byte of it, or, where the hash itself is what was
 * changed, when a successor in `expected` names it. Longer damage stays damage, and so does a byte of a line so long, or
 * one of so many torn ones, that to try all would take more than what is `left` of `effort`.
 */
export function mendRecords(torn: Buffer, expected: ReadonlySet<string>, effort: Effort): readonly MendedRecord[] {
  const inside = recordsInside(torn);
  if (inside.length > 0) return inside;
  const parts = [torn, ...linesOf(torn)].filter(({ length }) => length > TAIL_LENGTH && length <= LONGEST);
  for (const part of parts) {
    const mended = withItsHash(part, expected) ?? withOneByteChanged(part, effort);
    if (mended !== undefined) return [mended];
  }
  return [];
}

function recordsInside(torn: Buffer): readonly MendedRecord[] {
  const found: MendedRecord[] = [];
  for (let at = torn.indexOf(BEGINNING); at !== -1; at = torn.indexOf(BEGINNING, at + 1)) {
    const record = decodeRecord(torn.subarray(at));
    if (record !== undefined) found.push({ line: record.line, bytes: torn.subarray(at, at + record.length) });
  }
  return found;
}

/** The newline between two halves may be the byte that is wrong, so the whole stretch is tried too. */
function linesOf(torn: Buffer): readonly Buffer[] {
  if (!torn.includes(10)) return [];
  const lines: Buffer[] = [];
  for (let start = 0; start < torn.length; ) {
    const newline = torn.indexOf(10, start);
    const end = newline === -1 ? torn.length : newline;
    lines.push(torn.subarray(start, end));
    start = end + 1;
  }
  return lines;
}

/**
 * Bit flips first, they are the usual ones; every other byte only where that leaves enough for other lines. What it costs
 * is counted before it is tried, found or not: so each look at a journal finds the same.
 */
function withOneByteChanged(part: Buffer, effort: Effort): MendedRecord | undefined {
  const hash = HASH_AT_END.exec(part.toString("latin1", part.length - TAIL_LENGTH))?.[1];
  if (hash === undefined) return undefined;
  const body = Buffer.from(part.subarray(0, part.length - TAIL_LENGTH));
  const costOf = (changes: readonly number[]) => body.length * changes.length * (body.length + EACH_TRY);
  const changes = costOf(ALL_CHANGES) <= effort.left / 4 ? ALL_CHANGES : ONE_BIT;
  if (costOf(changes) > effort.left) return undefined;
  effort.left -= costOf(changes);
  const key = `${hashOf(part)} ${changes.length}`;
  const mended = tried.has(key) ? tried.get(key) : firstThatFits(body, hash, changes);
  tried.set(key, mended);
  return mended;
}

function firstThatFits(body: Buffer, hash: string, changes: readonly number[]): MendedRecord | undefined {
  for (const change of changes) {
    for (let at = 0; at < body.length; at += 1) {
      const before = body[at] ?? 0;
      body[at] = before ^ change;
      if (hashOf(body) === hash) return recordOf(body, hash);
      body[at] = before;
    }
  }
  return undefined;
}

function withItsHash(part: Buffer, expected: ReadonlySet<string>): MendedRecord | undefined {
  const body = part.subarray(0, part.length - TAIL_LENGTH);
  const hash = hashOf(body);
  return expected.has(hash) ? recordOf(body, hash) : undefined;
}

function recordOf(body: Buffer, hash: string): MendedRecord | undefined {
  const bytes = Buffer.concat([body, Buffer.from(tailOf(hash))]);
  const record = decodeRecord(bytes);
  return record === undefined ? undefined : { line: record.line, bytes };
}

const BEGINNING = '{"v":';
const HASH_AT_END = /^,"hash":"([0-9a-f]{32})"\}$/;
const ONE_BIT: readonly number[] = [1, 2, 4, 8, 16, 32, 64, 128];
const ALL_CHANGES: readonly number[] = [
  ...ONE_BIT,
  ...Array.from({ length: 255 }, (_, index) => index + 1).filter((change) => !ONE_BIT.includes(change)),
];
/** What came of each part that this process tried: a journal is looked at more than once. */
const tried = new Map<string, MendedRecord | undefined>();
/** What a try costs beside the bytes that it hashes, in bytes. */
const EACH_TRY = 500;
/** About a second of hashing. */
export const MOST_HASHED = 600_000_000;
const LONGEST = 64 * 1024;
