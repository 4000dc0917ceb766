import { hash } from "node:crypto";
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";

/**
 * What a view written by the store says, when it is certain to be what the journal says now; else `undefined`, and the
 * store has to be asked. Certain means: nobody changed the file since the store wrote it (checksum), its journal is the
 * one that is here (the record that it ends with stands where it says), and since then nothing of its `streams` came.
 */
export function readCurrentView(journal: string, path: string, streams: readonly string[]): ViewContent | undefined {
  const text = textOf(path);
  const head = text === undefined ? null : /^\{\n {2}"journal": (\{[^\n]*\}),?\n/.exec(text);
  if (text === undefined || head === null) return undefined;
  const header = parsed(head[1] ?? "") as Partial<Header> | undefined;
  if (header?.checksum !== hash("sha256", text.slice(head[0].length), "hex").slice(0, 32)) return undefined;
  if (!isCurrent(journal, header as Header, streams)) return undefined;
  return parsed(text) as ViewContent | undefined;
}

export type ViewContent = Readonly<Record<string, unknown>>;

/** Written by the store into each view: where in which segment its last record ends. */
interface Header {
  readonly segment: number;
  readonly offset: number;
  readonly hash: string;
  readonly checksum: string;
}

/** More than that may have come since, and reading it costs more than asking the store. */
const LONGEST_TAIL = 4 << 20;

function isCurrent(journal: string, { segment, offset, hash: last }: Header, streams: readonly string[]): boolean {
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

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return [];
    throw error;
  }
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR")) return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
