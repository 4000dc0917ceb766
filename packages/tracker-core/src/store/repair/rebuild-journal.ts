import { basename, join } from "node:path";
import { readWhole, writeDurable, writeSynced } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { storeMissing, storeNewer } from "../errors.ts";
import { encodeFold, foldPath } from "../files/fold-file.ts";
import { RECORD_VERSION } from "../files/line.ts";
import { machineWorld } from "../files/machine-world.ts";
import { type Places, placesIn } from "../files/places.ts";
import { poison } from "../files/poison.ts";
import { fileOf, poisonOf } from "../files/segment.ts";
import type { World } from "../files/world.ts";
import { CORRUPT } from "./journal-files.ts";
import { type JournalReport, reportOf } from "./journal-report.ts";
import { type PlannedSegment, planRebuild, type RebuildPlan } from "./plan-rebuild.ts";
import type { RepairOptions } from "./repair-options.ts";
import { type Salvage, salvage } from "./salvage.ts";

/** What a journal was like, and where that lies now. */
export interface Rebuilt {
  /** As it was before. */
  readonly report: JournalReport;
  /** Where the damaged files lie now. */
  readonly putAside: readonly string[];
}

/**
 * Makes a damaged journal whole again: every record that can be proved stands in it as it was, every other number says that
 * its record is lost, so none is dropped in silence. The damaged files are put aside as `*.corrupt-<time>`; what folds and
 * views knew is kept. Live writers are stopped by the mark that a failed sync leaves, before anything is read, so that
 * nothing they acknowledge is missed, and go on in what was rebuilt.
 *
 * A crash at any point leaves a journal that is damaged still, on which nobody writes, and the next call goes on; of two
 * calls at once each makes the same bytes. `world` is this machine with the parts that `options` name. Throws
 * `STORE_MISSING`, `STORE_NEWER`, `LOCK_TIMEOUT`.
 */
export async function rebuildJournal(
  options: RepairOptions,
  world: World = machineWorld(options, "orch doctor"),
): Promise<Rebuilt> {
  const places = placesIn(options.folder);
  await using _held = await world.locks.take(places.compaction, { command: "orch doctor --repair" });
  const before = await look(world, places, options);
  if (before.report.isWhole) {
    return { report: before.report, putAside: await putFoldsAside(world, before.found) };
  }
  const { found, report } = await stopWriters(world, places, options, before);
  const plan = planRebuild(found);
  const views = plan.isRechained ? options.views : found.staleViews;
  const putAside = [...(await putFoldsAside(world, found)), ...(await keepViews(world, views))];
  await world.files.makeFolder(places.journal, 0o700);
  await moveFolds(world, places, found, plan);
  for (const segment of plan.segments.filter(({ isNew }) => isNew)) await link(world, places, found, segment);
  await world.files.syncFolder(places.journal);
  for (const { path, state } of report.segments) {
    if (state !== "missing") putAside.push(...(await putAsideFile(world, path)));
  }
  await world.files.syncFolder(places.journal);
  await removeViews(world, views);
  return { report, putAside };
}

/** What was found at one moment. */
interface Look {
  readonly found: Salvage;
  readonly report: JournalReport;
}

/**
 * A look that began when nobody could acknowledge anything more in what it says must be replaced. Writers that live may
 * close the last segment after any look and go on in one that it did not see, so each look may find another one to stop.
 */
async function stopWriters(world: World, places: Places, options: RepairOptions, first: Look): Promise<Look> {
  const stopped = new Set<string>();
  for (let seen = first; ; seen = await look(world, places, options)) {
    const running = seen.report.segments.filter(({ path, state }) => state !== "missing" && !stopped.has(path));
    if (running.length === 0) return seen;
    for (const { path } of running) {
      await poison(world, path);
      stopped.add(path);
    }
  }
}

async function look(world: World, places: Places, { folder, views, machineVersion }: RepairOptions): Promise<Look> {
  const found = await salvage(world, places, views);
  if (found === undefined) throw storeMissing(folder);
  if (found.forward.newer !== undefined) throw storeNewer(places.journal, found.forward.newer.version, RECORD_VERSION);
  return { found, report: reportOf(found, places, machineVersion) };
}

/** Until the new segments are there the moved folds stand in none, and the journal counts as damaged. */
async function moveFolds({ files }: World, places: Places, { folds }: Salvage, plan: RebuildPlan): Promise<void> {
  for (const { header, state, ids } of folds) {
    const position = plan.positionOf(header.seq);
    if (position === undefined) continue;
    const { checksum: _, v: __, ...rest } = header;
    const moved = encodeFold({ ...rest, ...position }, state, ids);
    if (position.hash === header.hash && position.offset === header.offset && position.segment === header.segment)
      continue;
    if (isInNew(plan, position.segment)) await writeDurable(files, foldPath(places, header.seq), moved);
  }
}

function isInNew({ segments }: RebuildPlan, first: number): boolean {
  return segments.some((segment) => segment.first === first && segment.isNew);
}

/** The next generation of a segment, durable before it has its name; the name that another gave first is as good. */
async function link(world: World, places: Places, { files: found }: Salvage, segment: PlannedSegment): Promise<void> {
  const { first, content } = segment;
  const now = found.segments.find((one) => one.first === first);
  const target = join(places.journal, fileOf({ first, generation: now === undefined ? 0 : now.generation + 1 }));
  const temporary = `${target}.${world.token()}.tmp`;
  try {
    await writeSynced(world.files, temporary, content);
    await world.files.link(temporary, target);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  } finally {
    await world.files.unlink(temporary).catch(() => undefined);
  }
}

async function putFoldsAside(world: World, { files }: Salvage): Promise<readonly string[]> {
  const aside: string[] = [];
  for (const path of files.unreadableFolds) aside.push(...(await putAsideFile(world, path)));
  return aside;
}

/**
 * Copies of what the views hold. They stay where they are until the journal is whole: where the end of it is lost, a
 * view may be all that says so, to the store, which then refuses to write, and to the next repair if this one is killed.
 */
async function keepViews(world: World, views: readonly string[]): Promise<readonly string[]> {
  const kept: string[] = [];
  for (const path of views) {
    const content = await readWhole(world.files, path);
    if (content === undefined) continue;
    const aside = asideOf(world, path);
    await writeDurable(world.files, aside, content);
    kept.push(aside);
  }
  return kept;
}

/** They name records of the chain that was; the next command writes new ones. */
async function removeViews({ files }: World, views: readonly string[]): Promise<void> {
  for (const path of views) {
    if ((await files.stat(path))?.kind !== "file") continue;
    await files.unlink(path).catch((error: unknown) => {
      if (!isSystemError(error, "ENOENT")) throw error;
    });
  }
}

function asideOf({ clock }: World, path: string): string {
  return `${path}${CORRUPT}${new Date(clock.now()).toISOString().replace(/[:.]/g, "-")}`;
}

/** Nothing when another was faster. */
async function putAsideFile(world: World, path: string): Promise<readonly string[]> {
  const { files } = world;
  const aside = asideOf(world, path);
  try {
    await files.rename(path, aside);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
  if (basename(path).endsWith(".ndjson")) await files.unlink(poisonOf(path)).catch(() => undefined);
  return [aside];
}
