import { type FileSystem, type OpenFile, writeSynced } from "@orchard/host";
import type { IsoTime } from "@orchard/kernel";
import { type Chain, judge, type Verdict } from "./chain.ts";
import type { Gap } from "./gap.ts";
import { isTraceOfPowerCut } from "./gap.ts";
import { isPlainLoser } from "./is-plain-loser.ts";
import { type Decoded, decodeRecord, type Line } from "./line.ts";
import type { Segment, SegmentName } from "./segment.ts";
import { poisonOf } from "./segment.ts";

/**
 * The rules of the commit protocol, one function each, so that a test can compose the store with one of them broken and
 * show that it notices. Nothing but `RULES` is ever used outside of tests.
 */
export interface Rules {
  /** Which of the lines count. */
  judge(chain: Chain, line: Line): Verdict;
  /** A record counts by its own hash, with or without the newline after it. */
  decode(bytes: Buffer, terminated: boolean, chain: Chain): Decoded | undefined;
  /** A file that is gone is not made again. */
  openToAppend(files: FileSystem, path: string): Promise<OpenFile>;
  /** One write of one buffer; what was not written is never sent after. */
  append(file: OpenFile, bytes: Uint8Array): Promise<number>;
  /** After an append, the journal is read to see which record won; before, nobody knows. */
  readBack(read: () => Promise<void>): Promise<void>;
  /** Whether a write that failed or was short is said to be undone without a look (never). */
  believesFailures(): boolean;
  /** Whether a record whose number nobody has yet counts as written (never). */
  trustsUnread(): boolean;
  /** Whether a loser decides anew on the state that it lost to. */
  decidesAnew(): boolean;
  /** What was folded is made durable before anything of it is told. */
  sync(file: OpenFile): Promise<void>;
  /** The same, before a state, a refusal or a repeated answer leaves; nothing was appended for it. */
  syncBeforeAnswer(settle: () => Promise<void>): Promise<void>;
  /** After a failed sync the segment is marked; returns whether it is. */
  poison(mark: () => Promise<void>): Promise<void>;
  /** Asked between every sync and acknowledgement. */
  isPoisoned(files: FileSystem, path: string): Promise<boolean>;
  /** Asked before every acknowledgement: whether the path names this file, and what was read up to `end` is in it. */
  isStillThere(files: FileSystem, segment: Segment, end: number): Promise<boolean>;
  /** Which gaps a writer may give up. */
  isTraceOfPowerCut(gap: Gap, witnessed: number, boot: string): boolean;
  /** Whether a state that ends before a number known to be durable is damage. */
  missesWitnessed(chain: Chain): boolean;
  /** Passing on to the next segment makes the closed one durable first. */
  syncClosed(settle: () => Promise<void>): Promise<void>;
  /** The next segment and its name are durable before `segment-closed` names it. */
  makeBeforeClosing(make: () => Promise<void>, close: () => Promise<"won" | "lost">): Promise<"won" | "lost">;
  /** The content of a recovered segment is durable before it gets its name. */
  copySynced(files: FileSystem, path: string, bytes: Uint8Array): Promise<void>;
  /** A recovered segment is durable, content and name, before anybody uses it. */
  syncRecovered(sync: () => Promise<void>): Promise<void>;
  /** Which generation of a segment counts: the highest. */
  pickGeneration(generations: readonly SegmentName[]): SegmentName | undefined;
  /** What an earlier generation of a segment knew to be durable is a witness for the newest. */
  hearsEarlier(): boolean;
  /** Whether somebody emptied the segment: none is made empty. */
  isEmptied(segment: Segment): boolean;
  /** A fold or view says only what is durable. */
  syncBeforeView(settle: () => Promise<void>): Promise<void>;
  /** A fold counts only if the record that ends at its offset is the one it names. */
  matchesJournal(found: string, expected: string): boolean;
  /** Segments that lie wholly below the older of the kept folds. */
  deletableBelow(foldedSegments: readonly number[]): number;
  /** Whether a writer that did not get the view's lock may leave it to the holder. */
  mayLeaveView(holder: "alive" | "dead" | "none"): boolean;
  /** After a view is written, the journal is read once more. */
  looksAgain(): boolean;
  /** After so many lost races a writer takes its turn. */
  takesTurn(losses: number, limit: number): boolean;
  /** Time alone says nothing on a machine that lets nobody run: who gives up had its turn before. */
  mayGiveUp(losses: number, limit: number): boolean;
  /** Ids are known for as long as somebody may give them again, also after a fold. */
  foldsIds(ids: string): string;
  /** Whether a known id is answered with its outcome. */
  answersRepeated(): boolean;
  /** The time of a record: never before its predecessor's. */
  timeOf(now: IsoTime, before: IsoTime): IsoTime;
}

export const RULES: Rules = {
  judge,
  decode: (bytes, terminated, chain) => (terminated && isPlainLoser(chain, bytes) ? undefined : decodeRecord(bytes)),
  openToAppend: (files, path) => files.open(path, "append"),
  append: (file, bytes) => file.write(bytes),
  readBack: (read) => read(),
  believesFailures: () => false,
  trustsUnread: () => false,
  decidesAnew: () => true,
  sync: (file) => file.dataSync(),
  syncBeforeAnswer: (settle) => settle(),
  poison: (mark) => mark(),
  isPoisoned: async (files, path) => (await files.stat(poisonOf(path))) !== undefined,
  isStillThere: async (files, { path, stat }, end) => {
    const now = await files.stat(path);
    return now !== undefined && now.ino === stat.ino && now.dev === stat.dev && now.size >= end;
  },
  isTraceOfPowerCut,
  missesWitnessed: (chain) => chain.witnessed > chain.head.seq,
  syncClosed: (settle) => settle(),
  makeBeforeClosing: async (make, close) => {
    await make();
    return close();
  },
  copySynced: (files, path, bytes) => writeSynced(files, path, bytes),
  syncRecovered: (sync) => sync(),
  pickGeneration: (generations) => generations.at(-1),
  hearsEarlier: () => true,
  isEmptied: ({ stat }) => stat.size === 0,
  syncBeforeView: (settle) => settle(),
  matchesJournal: (found, expected) => found === expected,
  deletableBelow: (foldedSegments) => Math.min(...foldedSegments),
  mayLeaveView: (holder) => holder === "alive",
  looksAgain: () => true,
  takesTurn: (losses, limit) => losses >= limit,
  mayGiveUp: (losses, limit) => losses > limit,
  foldsIds: (ids) => ids,
  answersRepeated: () => true,
  timeOf: later,
};

/** Written alike, so that the later one is the greater text. */
function later(a: IsoTime, b: IsoTime): IsoTime {
  return a < b ? b : a;
}
