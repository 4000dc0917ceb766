import { join } from "node:path";
import { namesIn, readWhole } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { JOURNAL_STREAM } from "../record.ts";
import type { Line } from "./line.ts";
import { linesIn } from "./lines-in.ts";
import type { Places } from "./places.ts";
import type { Segment, SegmentName } from "./segment.ts";
import { fileOf } from "./segment.ts";
import type { World } from "./world.ts";

/** Every segment file, oldest first, generations in order. */
export async function listSegments({ files }: World, { journal }: Places): Promise<readonly SegmentName[]> {
  const names = await namesIn(files, journal);
  return names.flatMap(segmentNamed).sort((a, b) => a.first - b.first || a.generation - b.generation);
}

function segmentNamed(name: string): readonly SegmentName[] {
  const match = /^(\d{12})(?:\.(\d+))?\.ndjson$/.exec(name);
  return match === null ? [] : [{ first: Number(match[1]), generation: Number(match[2] ?? 0) }];
}

/** The newest generation of the segment that begins with `first`; `undefined` when there is none. */
export async function findSegment(world: World, places: Places, first: number): Promise<SegmentName | undefined> {
  return world.rules.pickGeneration((await listSegments(world, places)).filter((name) => name.first === first));
}

/**
 * Opens an existing segment, never makes one: whoever made the file again after a rename would append to a file that
 * nobody reads. `undefined` when it is not there.
 */
export async function openSegment(world: World, places: Places, name: SegmentName): Promise<Segment | undefined> {
  const path = join(places.journal, fileOf(name));
  const file = await world.rules.openToAppend(world.files, path).catch((error: unknown) => {
    if (isSystemError(error, "ENOENT")) return undefined;
    if (isSystemError(error, "EACCES", "EROFS", "EPERM")) return world.files.open(path, "read");
    throw error;
  });
  if (file === undefined) return undefined;
  try {
    return { ...name, path, file, stat: await file.stat() };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * The number at which the segment begins that holds record `from`, or the oldest that is kept. A file without a record is
 * passed over: a closer that lost its number made it, and nobody names it. So is one whose successor is gone already.
 */
export async function findBeginning(world: World, places: Places, from: number): Promise<number | undefined> {
  const segments = await listSegments(world, places);
  const read = new Map<SegmentName, readonly Line[]>();
  const recordsOf = async (name: SegmentName) => {
    const known = read.get(name);
    if (known !== undefined) return known;
    const content = (await readWhole(world.files, join(places.journal, fileOf(name)))) ?? Buffer.alloc(0);
    const records = Array.from(linesIn(content), ({ line }) => line);
    read.set(name, records);
    return records;
  };
  // One that was never closed leads nowhere when records follow it elsewhere: a late creator brought it back.
  const isLast = async (name: SegmentName) => {
    for (const later of segments) if (later.first > name.first && (await recordsOf(later)).length > 0) return false;
    return true;
  };
  const leadsOn = async (name: SegmentName) => {
    const records = await recordsOf(name);
    if (records.length === 0) return false;
    const nexts = records.map(closedBefore).filter((next) => next !== undefined);
    return nexts.length === 0 ? isLast(name) : nexts.some((next) => segments.some(({ first }) => first === next));
  };
  for (const name of segments.filter(({ first }) => first <= from).reverse()) {
    if (await leadsOn(name)) return name.first;
  }
  for (const name of segments) if (await leadsOn(name)) return name.first;
  return undefined;
}

/** The number before which `line` closed its segment, if it did. */
function closedBefore({ stream, facts }: Line): number | undefined {
  if (stream !== JOURNAL_STREAM) return undefined;
  const closed = (facts as readonly { readonly type: string; readonly next?: number }[]).find(
    ({ type }) => type === "segment-closed",
  );
  return closed?.next;
}
