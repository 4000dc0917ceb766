import { join } from "node:path";
import type { Places } from "../files/places.ts";
import { fileOf } from "../files/segment.ts";
import { planRebuild, type RebuildPlan } from "./plan-rebuild.ts";
import type { Salvage } from "./salvage.ts";

/** A record that cannot be had any more. */
export interface LostRecord {
  readonly seq: number;
  /** What is still legible of it, for people: nothing vouches for it. */
  readonly said?: string;
  /** A fold from behind it holds what it changed. */
  readonly isInFold: boolean;
}

/** A file that must be replaced, or made again where it is gone. */
export interface DamagedSegment {
  readonly path: string;
  readonly state: "damaged" | "missing" | "emptied";
}

/** How a journal is. */
export interface JournalReport {
  readonly isWhole: boolean;
  /** Records that are there, and the numbers between which they lie. */
  readonly kept: number;
  readonly first: number;
  readonly last: number;
  readonly lost: readonly LostRecord[];
  /** Damaged where they stood, and had whole from a copy or from their own hash. */
  readonly mended: readonly { readonly seq: number; readonly from: "copy" | "mended" }[];
  readonly segments: readonly DamagedSegment[];
  readonly unreadableFolds: readonly string[];
  /** The newest file of the journal is gone, and nothing says how many records were in it. */
  readonly isOpenEnded: boolean;
  /** Numbers of records that somebody wrote on top of a damaged place; they do not count. */
  readonly strays: readonly number[];
  /** Views of a chain that was, which a rebuild left when it was cut off; nobody writes until they are put aside. */
  readonly staleViews: readonly string[];
  /** The damage lies before what a fold holds: the state is right, and only its history cannot be read. */
  readonly isOnlyHistory: boolean;
  /** Written by a newer version of this program: nothing is repaired. */
  readonly newer?: number;
}

export function reportOf(found: Salvage, places: Places, machineVersion: number): JournalReport {
  const plan = planRebuild(found);
  const { forward, files, records } = found;
  const lost = lostRecords(found, plan, machineVersion);
  const mended = [...records.values()].flatMap(({ line, from }) =>
    from === undefined ? [] : [{ seq: line.seq, from }],
  );
  const segments = plan.segments.flatMap(({ first, isNew }): readonly DamagedSegment[] => {
    if (!isNew) return [];
    const now = files.segments.find((segment) => segment.first === first);
    if (now === undefined) return [{ path: join(places.journal, fileOf({ first, generation: 0 })), state: "missing" }];
    return [{ path: now.path, state: now.content.length === 0 ? "emptied" : "damaged" }];
  });
  const { newer } = forward;
  return {
    isWhole:
      [segments, lost, forward.strays, found.staleViews].every(({ length }) => length === 0) && newer === undefined,
    kept: records.size,
    first: found.begin,
    last: found.end,
    lost,
    mended: mended.sort((a, b) => a.seq - b.seq),
    segments,
    unreadableFolds: files.unreadableFolds,
    isOpenEnded: found.isOpenEnded,
    staleViews: found.staleViews,
    isOnlyHistory: isBefore(foldedTo(found, machineVersion), found, { lost, segments, mended }),
    strays: forward.strays.map(({ seq }) => seq),
    ...(newer === undefined ? {} : { newer: newer.version }),
  };
}

/** Up to which record the newest fold reaches that this program can begin at. */
function foldedTo({ folds }: Pick<Salvage, "folds">, machineVersion: number): number {
  return Math.max(0, ...folds.flatMap(({ header }) => (header.machine === machineVersion ? [header.seq] : [])));
}

/** Whether everything that is wrong lies at or before record `seq`, in segments that still hold something. */
function isBefore(
  seq: number,
  { forward, isOpenEnded, staleViews }: Salvage,
  wrong: Pick<JournalReport, "lost" | "segments" | "mended">,
): boolean {
  const numbers = [...wrong.lost, ...wrong.mended].map((one) => one.seq);
  const isThere = wrong.segments.every(({ state }) => state === "damaged");
  const isOfState = isOpenEnded || forward.strays.length > 0 || staleViews.length > 0;
  return isThere && !isOfState && numbers.every((number) => number <= seq);
}

/** The record that closed a segment is not lost where the next one is known: it said nothing else. */
function lostRecords(
  { begin, end, records, folds, forward, withoutContent }: Salvage,
  { segments }: RebuildPlan,
  machineVersion: number,
): readonly LostRecord[] {
  const closing = new Set(segments.slice(1).map(({ first }) => first - 1));
  const folded = foldedTo({ folds }, machineVersion);
  const legible = new Map(forward.torn.flatMap(({ torn }) => saidIn(torn)));
  const lost: LostRecord[] = [];
  for (let seq = begin; seq <= end; seq += 1) {
    if (records.has(seq) || closing.has(seq)) continue;
    const said = withoutContent.has(seq) ? "its content, which stood beside the journal, is gone" : legible.get(seq);
    lost.push({ seq, isInFold: seq <= folded, ...(said === undefined ? {} : { said }) });
  }
  return lost;
}

/** Number and sentence of the records that a torn stretch seems to hold. */
function saidIn(torn: Buffer): readonly (readonly [number, string])[] {
  const text = torn.toString("utf8");
  return [...text.matchAll(/"seq":(\d{1,12}),(?:(?!"seq":)[^\n])*?"describe":"((?:[^"\\\n]|\\.){1,200})/g)].map(
    ([, seq, said = ""]) => [Number(seq), said] as const,
  );
}
