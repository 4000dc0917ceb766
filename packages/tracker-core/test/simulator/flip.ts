import type { Random, SimulatedDisk } from "@orchard/host/testing";
import { linesIn, type PlacedLine } from "../../src/store/files/lines-in.ts";

type Place = PlacedLine & { readonly path: string };

/** Flips one byte of a record of which another record says that it was durable; `false` when there is none. */
export function flipWitnessedByte(disk: SimulatedDisk, journal: string, random: Random): boolean {
  const places = disk.paths().flatMap((path) => (path.startsWith(journal) ? placesIn(disk, path) : []));
  const durable = Math.max(0, ...places.map(({ line }) => line.durable));
  const witnessed = places.filter(({ line }) => line.seq <= durable);
  if (witnessed.length === 0) return false;
  const { path, start, end } = random.pick(witnessed);
  disk.find(path)?.corrupt(start + random.below(end - start));
  return true;
}

export function placesIn(disk: SimulatedDisk, path: string): readonly Place[] {
  if (!path.endsWith(".ndjson")) return [];
  return Array.from(linesIn(disk.find(path)?.content() ?? Buffer.alloc(0)), (placed) => ({ ...placed, path }));
}
