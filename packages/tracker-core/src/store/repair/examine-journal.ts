import { setTimeout as pause } from "node:timers/promises";
import { storeMissing } from "../errors.ts";
import { machineWorld } from "../files/machine-world.ts";
import { placesIn } from "../files/places.ts";
import type { World } from "../files/world.ts";
import { type JournalReport, reportOf } from "./journal-report.ts";
import type { RepairOptions } from "./repair-options.ts";
import { salvage } from "./salvage.ts";

/**
 * Reads every byte of a journal and says whether each record that must be there is. Changes nothing. What a writer was just
 * doing is looked at again before it counts as damage. Throws `STORE_MISSING`.
 */
export async function examineJournal(options: RepairOptions): Promise<JournalReport> {
  const world = machineWorld(options, "orch doctor");
  const report = await examineOnce(world, options);
  if (report.isWhole) return report;
  await pause(options.againMs ?? AGAIN_MS);
  return examineOnce(world, options);
}

async function examineOnce(world: World, { folder, views, machineVersion }: RepairOptions): Promise<JournalReport> {
  const places = placesIn(folder);
  const found = await salvage(world, places, views);
  if (found === undefined) throw storeMissing(folder);
  return reportOf(found, places, machineVersion);
}

const AGAIN_MS = 300;
