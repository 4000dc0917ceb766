import { join } from "node:path";
import { namesIn, writeDurable } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import { encodeFold, foldPath, listFolds, type Position, readFold } from "./fold-file.ts";
import { isBeingHeld } from "./is-young.ts";
import type { Journal } from "./journal.ts";
import { listSegments } from "./open-segment.ts";
import type { Places } from "./places.ts";
import { fileOf, poisonOf } from "./segment.ts";
import type { World } from "./world.ts";

/** The folded state at one moment, apart from the journal that goes on. */
export interface Snapshot<State> {
  readonly position: Position;
  readonly state: State;
  readonly at: string;
  readonly ids: string;
}

/**
 * Whether so much happened since the newest fold that the next reader would have to read long. Not at the beginning of a
 * segment: a fold is checked against the record that ends at its offset, and that must stand in the segment it names. Not
 * behind the record that closed one: who began there would not see that it is closed.
 */
export function isFoldDue<State>({ head, headEnd, isClosed, folded, world }: Journal<State>): boolean {
  const { foldEvery, foldBurst } = world.limits;
  if (headEnd === 0 || isClosed) return false;
  const records = head.seq - folded.seq;
  if (records < foldEvery) return false;
  return records >= foldBurst || Date.parse(head.at) - Date.parse(folded.at) >= 1000;
}

/** Whether another process has just written a fold, or is at it: of many only one need take the trouble. */
export async function isKeptByAnother<State>(world: World, places: Places, journal: Journal<State>): Promise<boolean> {
  const [newest = 0] = await listFolds(world, places);
  if (newest > journal.folded.seq) journal.folded = { seq: newest, at: journal.head.at };
  return !isFoldDue(journal) || isBeingHeld(world, places.compaction);
}

/** What a fold needs, durable already. Taken while nobody else uses the journal. */
export async function snapshotOf<State>(journal: Journal<State>): Promise<Snapshot<State>> {
  await journal.world.rules.syncBeforeView(() => journal.settle());
  return {
    position: journal.position(),
    state: journal.state,
    at: journal.head.at,
    ids: journal.world.rules.foldsIds(journal.folding.ids.fold(journal.head.at)),
  };
}

/**
 * Writes a fold, unless another process does or did; then removes what the two newest folds make needless. A crash at any
 * point leaves older folds and segments, never fewer. Returns the number of the newest fold.
 */
export async function keepFold<State>(
  world: World,
  places: Places,
  machine: number,
  snapshot: Snapshot<State>,
): Promise<number> {
  const { position, state, at, ids } = snapshot;
  const held = await world.locks.tryTake(places.compaction, { command: "fold the journal" });
  if (held === undefined) return 0;
  try {
    const [newest = 0] = await listFolds(world, places);
    if (position.seq - newest < world.limits.foldEvery) return newest;
    const content = encodeFold({ ...position, machine, at }, JSON.stringify(state), ids);
    await writeDurable(world.files, foldPath(places, position.seq), content);
    await prune(world, places);
    return position.seq;
  } finally {
    await held.release();
  }
}

async function prune(world: World, places: Places): Promise<void> {
  const folds = await listFolds(world, places);
  const kept = folds.slice(0, 2);
  const segments = await Promise.all(
    kept.map(async (seq) => (await readFold(world, places, seq))?.header.segment ?? 0),
  );
  for (const seq of folds.slice(2)) await removed(world, foldPath(places, seq));
  if (kept.length < 2) return;
  const below = world.rules.deletableBelow(segments);
  const needless = [...new Set((await listSegments(world, places)).map(({ first }) => first))]
    .filter((first) => first < below)
    .slice(0, -world.limits.keptSegments || undefined);
  await removeSegments(world, places, new Set(needless));
}

async function removeSegments(world: World, places: Places, firsts: ReadonlySet<number>): Promise<void> {
  if (firsts.size === 0) return;
  const names = new Set(await namesIn(world.files, places.journal));
  for (const segment of await listSegments(world, places)) {
    if (!firsts.has(segment.first)) continue;
    const path = join(places.journal, fileOf(segment));
    if (names.has(poisonOf(fileOf(segment)))) await removed(world, poisonOf(path));
    await removed(world, path);
  }
}

async function removed({ files }: World, path: string): Promise<void> {
  try {
    await files.unlink(path);
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
}
