import type { Random, SimulatedDisk } from "@orchard/host/testing";
import { decodeLine, type Line } from "../../src/store/files/line.ts";

interface Place {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly line: Line;
}

/** Flips one byte of a record of which another record says that it was durable; `false` when there is none. */
export function flipWitnessedByte(disk: SimulatedDisk, journal: string, random: Random): boolean {
  const places = disk.paths().flatMap((path) => (path.startsWith(journal) ? linesIn(disk, path) : []));
  const durable = Math.max(0, ...places.map(({ line }) => line.durable));
  const witnessed = places.filter(({ line }) => line.seq <= durable);
  if (witnessed.length === 0) return false;
  const { path, start, end } = random.pick(witnessed);
  disk.find(path)?.corrupt(start + random.below(end - start));
  return true;
}

export function linesIn(disk: SimulatedDisk, path: string): readonly Place[] {
  if (!path.endsWith(".ndjson")) return [];
  const bytes = disk.find(path)?.content() ?? Buffer.alloc(0);
  const found: Place[] = [];
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = decodeLine(bytes.subarray(start, end));
    if (line !== undefined) found.push({ path, start, end, line });
    start = end + 1;
  }
  return found;
}
