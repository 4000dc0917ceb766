import { dirname, join } from "node:path";
import { bootId, type FileSystem, namesIn, nodeFiles, randomToken, systemClock, writeSynced } from "@orchard/host";
import { type Clock, isoTime, isSystemError } from "@orchard/kernel";
import { journalDamaged } from "./errors.ts";
import { listFolds } from "./files/fold-file.ts";
import { encodeLine, RECORD_VERSION } from "./files/line.ts";
import { type Places, placesIn } from "./files/places.ts";
import { fileOf } from "./files/segment.ts";
import { makeFolders } from "./files/view-file.ts";
import { JOURNAL_STREAM } from "./record.ts";
import { RANDOM_ID } from "./require-good-intent.ts";

/** What making a store touches. */
export interface CreateFileStoreOptions {
  readonly folder: string;
  readonly by?: string;
  readonly files?: FileSystem;
  readonly clock?: Clock;
}

/**
 * Makes the folders (0700) and the first segment with its first record, all durable. A store that is there is left as it
 * is. A crash in the middle leaves folders without a segment, which the next call fills. Of two at once one wins, and both
 * return. Throws `JOURNAL_DAMAGED` when folds say that there was a journal, and it is gone.
 */
export async function createFileStore(options: CreateFileStoreOptions): Promise<void> {
  await createStore({
    files: nodeFiles,
    clock: systemClock,
    by: "orchard",
    token: randomToken,
    boot: bootId(),
    ...options,
  });
}

/** {@link createFileStore} with the whole world given. */
export async function createStore(
  world: Required<CreateFileStoreOptions> & { readonly token: () => string; readonly boot: string },
): Promise<void> {
  const { files, folder } = world;
  const places = placesIn(folder);
  await makeFolders(files, dirname(folder));
  for (const path of [folder, places.journal, places.folds, places.beside, places.locks]) {
    await files.makeFolder(path, 0o700);
  }
  if (!(await hasSegments(files, places))) await makeFirstSegment(world, places);
  for (const path of [places.journal, folder, dirname(folder)]) await files.syncFolder(path);
}

async function hasSegments(files: FileSystem, places: Places): Promise<boolean> {
  // In this order: another process may make both while we look.
  const folds = await listFolds({ files }, places);
  if ((await namesIn(files, places.journal)).some((name) => name.endsWith(".ndjson"))) return true;
  if (folds.length === 0) return false;
  throw journalDamaged(places.journal, "its segments are gone, and its folds are there");
}

/**
 * The first segment has a second name, `begun`, for ever: a creator that slept until the first segment was removed again
 * then brings back that very one, and never begins another journal beside it.
 */
async function makeFirstSegment(world: Parameters<typeof createStore>[0], { journal }: Places): Promise<void> {
  const { files, token } = world;
  const path = join(journal, fileOf({ first: 1, generation: 0 }));
  const begun = join(journal, "begun");
  const temporary = `${path}.${token()}.tmp`;
  try {
    await writeSynced(files, temporary, firstRecord(world));
    await linkOnce(files, temporary, begun);
  } finally {
    await files.unlink(temporary).catch(() => undefined);
  }
  await linkOnce(files, begun, path);
}

async function linkOnce(files: FileSystem, from: string, to: string): Promise<void> {
  try {
    await files.link(from, to);
  } catch (error) {
    if (!isSystemError(error, "EEXIST")) throw error;
  }
}

function firstRecord({ clock, token, boot, by }: Parameters<typeof createStore>[0]): Uint8Array {
  return encodeLine({
    v: RECORD_VERSION,
    seq: 1,
    prev: "",
    durable: 0,
    id: `${RANDOM_ID}${token()}`,
    at: isoTime(clock.now()),
    boot,
    by,
    stream: JOURNAL_STREAM,
    facts: [{ type: "store-created" }],
    describe: "create the journal",
    outcome: null,
  }).bytes;
}
