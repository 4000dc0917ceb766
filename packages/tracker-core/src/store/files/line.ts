import { hash } from "node:crypto";
import type { IsoTime, Json } from "@orchard/kernel";
import type { Fact, JournalRecord } from "../record.ts";

/** The version of the records that this program writes. */
export const RECORD_VERSION = 1;

/** A record as it stands in a segment: a line of JSON that ends with its own hash. */
export interface Line extends JournalRecord {
  readonly v: number;
  /** The hash of its predecessor: it counts only after that very record. */
  readonly prev: string;
  /** The highest number that the writer knew to be durable. */
  readonly durable: number;
  /** Name of the file beside the journal that holds facts and outcome, when they are too long for a line. */
  readonly beside?: string;
  readonly hash: string;
}

export type Unhashed = Omit<Line, "hash">;

export interface EncodedLine {
  readonly bytes: Buffer;
  readonly hash: string;
}

/**
 * The bytes to append, with a newline before and after: the first ends whatever torn line stands there, and neither is
 * needed for the record to count.
 */
export function encodeLine(line: Unhashed): EncodedLine {
  const body = JSON.stringify(line).slice(0, -1);
  const own = hashOf(body);
  return { bytes: Buffer.from(`\n${body}${HASH_FIELD}${own}"}\n`, "utf8"), hash: own };
}

/** A record that was found, and how many bytes it takes from the beginning of its line. */
export interface Decoded {
  readonly line: Line;
  readonly length: number;
}

/**
 * The record with which `bytes` (one line, no newline) begin, or `undefined` when no hash in it vouches for one. What stands
 * behind it on the line does not matter: a power cut may take the newline between a durable record and what came after.
 */
export function decodeRecord(bytes: Buffer): Decoded | undefined {
  if (bytes[0] !== OPENING_BRACE) return undefined;
  if (isRecord(bytes)) return { line: JSON.parse(bytes.toString("utf8")) as Line, length: bytes.length };
  for (let at = bytes.indexOf(HASH_FIELD); at !== -1; at = bytes.indexOf(HASH_FIELD, at + 1)) {
    const length = at + TAIL_LENGTH;
    const part = bytes.subarray(0, length);
    if (length < bytes.length && isRecord(part)) return { line: JSON.parse(part.toString("utf8")) as Line, length };
  }
  return undefined;
}

export function decodeLine(bytes: Buffer): Line | undefined {
  return decodeRecord(bytes)?.line;
}

function isRecord(bytes: Buffer): boolean {
  const tail = bytes.length - TAIL_LENGTH;
  if (tail <= 0 || bytes[bytes.length - 1] !== CLOSING_BRACE) return false;
  return bytes.toString("latin1", tail) === `${HASH_FIELD}${hashOf(bytes.subarray(0, tail))}"}`;
}

/** Bytes at the end of a record that say its hash. */
export const TAIL_LENGTH = ',"hash":""}'.length + 32;

/** What the last {@link TAIL_LENGTH} bytes of a record with that hash are. */
export function tailOf(ownHash: string): string {
  return `${HASH_FIELD}${ownHash}"}`;
}

/** SHA-256, the first 128 bits as hex. */
export function hashOf(bytes: Uint8Array | string): string {
  return hash("sha256", bytes, "hex").slice(0, 32);
}

/** The record without what only the journal needs. */
export function recordOf(line: Line): JournalRecord {
  const { seq, id, at, boot, by, stream, facts, describe, outcome, operation } = line;
  return {
    ...{ seq, id, at, boot, by, stream, facts, describe, outcome },
    ...(operation === undefined ? {} : { operation }),
  };
}

/** What {@link Line.beside} holds. */
export interface Beside {
  readonly facts: readonly Fact[];
  readonly outcome: Json;
}

/** Where the chain stands: the last winner. */
export interface Head {
  readonly seq: number;
  /** `undefined` only before the first record of a history that is read from its oldest kept segment on. */
  readonly hash: string | undefined;
  readonly at: IsoTime;
}

const HASH_FIELD = ',"hash":"';
const OPENING_BRACE = 0x7b;
const CLOSING_BRACE = 0x7d;
