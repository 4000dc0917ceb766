import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { namesIn, readText } from "./read-text.ts";

/** A view that the store wrote, and what it says of itself. */
export interface ViewRead {
  readonly content: Readonly<Record<string, unknown>>;
  readonly header: ViewHeader;
  /** What the checksum is of. */
  readonly body: string;
}

/** Written by the store into each view: where in which segment its last record ends. */
export interface ViewHeader {
  readonly segment: number;
  readonly offset: number;
  readonly hash: string;
  readonly checksum: string;
}

/** A view, unchecked; `undefined` when it is none. */
export function readView(path: string): ViewRead | undefined {
  const text = readText(path);
  const head = text === undefined ? null : /^\{\n {2}"journal": (\{[^\n]*\}),?\n/.exec(text);
  if (text === undefined || head === null) return undefined;
  try {
    return { header: JSON.parse(head[1] ?? ""), content: JSON.parse(text), body: text.slice(head[0].length) };
  } catch {
    return undefined;
  }
}

/** More than that may have come since, and reading it costs more than asking the store. */
const LONGEST_TAIL = 4 << 20;

/**
 * Whether a view says what the journal says now: the record that it ends with stands where it says, so the journal is the
 * one that is here, and since then nothing of `streams` came.
 */
export function isCurrent(
  journal: string,
  { segment, offset, hash: last }: ViewHeader,
  streams: readonly string[],
): boolean {
  const names = namesIn(journal).filter((name) => name.includes(".ndjson"));
  const later = names.filter((name) => !(Number.parseInt(name, 10) < segment)).sort();
  // Generations and poisoned segments are for the store to judge.
  if (later[0] !== nameOf(segment) || later.some((name) => !/^\d{12}\.ndjson$/.test(name))) return false;
  const [own, ...others] = later.map((name, at) => bytesFrom(join(journal, name), at === 0 ? offset - TAIL : 0));
  if (own === undefined || own.toString("latin1", 0, TAIL) !== `,"hash":"${last}"}`) return false;
  return [own.subarray(TAIL), ...others].every(
    (bytes) => bytes !== undefined && streams.every((stream) => !bytes.includes(`"stream":"${stream}"`)),
  );
}

/** Length of the end of a record, which says its hash. */
const TAIL = ',"hash":""}'.length + 32;

function nameOf(segment: number): string {
  return `${String(segment).padStart(12, "0")}.ndjson`;
}

/** Everything in a file from a place on; `undefined` when that is not there, or too much. */
function bytesFrom(path: string, start: number): Buffer | undefined {
  const file = openSync(path, "r");
  try {
    const length = fstatSync(file).size - start;
    if (!(start >= 0 && length >= 0 && length <= LONGEST_TAIL)) return undefined;
    const bytes = Buffer.alloc(length);
    return bytes.subarray(0, readSync(file, bytes, 0, length, start));
  } finally {
    closeSync(file);
  }
}
