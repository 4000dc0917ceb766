import { join } from "node:path";
import { namesIn, readWhole } from "@orchard/host";
import type { IsoTime } from "@orchard/kernel";
import { hashOf, TAIL_LENGTH, tailOf } from "./line.ts";
import type { Places } from "./places.ts";
import type { Segment } from "./segment.ts";
import type { World } from "./world.ts";

/** Where in the journal a fold or view ends. */
export interface Position {
  /** The number of the first record of the segment. */
  readonly segment: number;
  /** Behind the last byte of record `seq`. */
  readonly offset: number;
  readonly seq: number;
  readonly hash: string;
  /** Which journal: the hash of its first record. */
  readonly store: string;
}

/** The first line of a fold's file; the state is the second, the known ids are the third. */
export interface FoldHeader extends Position {
  readonly v: number;
  readonly machine: number;
  readonly at: IsoTime;
  /** Hash over the two lines that follow. */
  readonly checksum: string;
}

export interface FoldFile {
  readonly header: FoldHeader;
  /** JSON, not parsed yet. */
  readonly state: string;
  readonly ids: string;
}

export const FOLD_VERSION = 1;

export function foldPath(places: Places, seq: number): string {
  return join(places.folds, `${String(seq).padStart(12, "0")}.json`);
}

/** The numbers of the folds that are there, newest first. */
export async function listFolds({ files }: Pick<World, "files">, { folds }: Places): Promise<readonly number[]> {
  const names = await namesIn(files, folds);
  const numbers = names.flatMap((name) => (/^\d{12}\.json$/.test(name) ? [Number(name.slice(0, 12))] : []));
  return numbers.sort((a, b) => b - a);
}

export function encodeFold(position: Omit<FoldHeader, "checksum" | "v">, state: string, ids: string): string {
  const body = `${state}\n${ids}\n`;
  const header: FoldHeader = { v: FOLD_VERSION, ...position, checksum: hashOf(body) };
  return `${JSON.stringify(header)}\n${body}`;
}

/** `undefined` when it is gone, damaged, or of another version of this format. */
export async function readFold({ files }: World, places: Places, seq: number): Promise<FoldFile | undefined> {
  const text = (await readWhole(files, foldPath(places, seq)))?.toString("utf8");
  const end = text?.indexOf("\n") ?? -1;
  if (text === undefined || end === -1) return undefined;
  try {
    const header = JSON.parse(text.slice(0, end)) as FoldHeader;
    const body = text.slice(end + 1);
    if (header.v !== FOLD_VERSION || header.seq !== seq || header.checksum !== hashOf(body)) return undefined;
    const middle = body.indexOf("\n");
    return { header, state: body.slice(0, middle), ids: body.slice(middle + 1, -1) };
  } catch {
    return undefined;
  }
}

/** Whether the record that ends at the fold's offset is the one that it names. */
export async function standsIn({ rules }: World, segment: Segment, { offset, hash }: Position): Promise<boolean> {
  const tail = Buffer.alloc(TAIL_LENGTH);
  const count = offset < TAIL_LENGTH ? 0 : await segment.file.read(tail, offset - TAIL_LENGTH);
  return rules.matchesJournal(tail.toString("latin1", 0, count), tailOf(hash));
}
