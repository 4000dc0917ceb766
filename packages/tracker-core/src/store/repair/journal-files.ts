import { join } from "node:path";
import { namesIn, readWhole } from "@orchard/host";
import { type FoldFile, listFolds, readFold } from "../files/fold-file.ts";
import { listSegments } from "../files/open-segment.ts";
import type { Places } from "../files/places.ts";
import { fileOf, type SegmentName } from "../files/segment.ts";
import { readView, type ViewHeader } from "../files/view-file.ts";
import type { World } from "../files/world.ts";

/** One segment as it counts now: its newest generation. */
export interface SegmentContent extends SegmentName {
  readonly path: string;
  readonly content: Buffer;
}

/** A view, and what it says of where it was taken. */
export interface FoundView extends ViewHeader {
  readonly path: string;
}

/** Everything on disk that knows something of the journal. */
export interface JournalFiles {
  /** By number; of a segment with several generations the newest. */
  readonly segments: readonly SegmentContent[];
  /** Earlier generations, what was put aside, the second name of the first segment. */
  readonly copies: readonly Buffer[];
  readonly folds: readonly FoldFile[];
  /** Paths of folds that are damaged, or of a format that we do not know. */
  readonly unreadableFolds: readonly string[];
  /** What the views say of where they were taken, as far as their checksums hold. */
  readonly views: readonly FoundView[];
}

/** How a file is called that was damaged and put aside. */
export const CORRUPT = ".corrupt-";

/** Folds and views before the segments: what they witness was durable then, and stands in segments that are read later. */
export async function readJournalFiles(world: World, places: Places, views: readonly string[]): Promise<JournalFiles> {
  const witnesses = { ...(await readFolds(world, places)), views: await readViews(world, views) };
  const names = await listSegments(world, places);
  const newest = new Map(names.map((name) => [name.first, name]));
  const segments: SegmentContent[] = [];
  const copies: Buffer[] = [];
  for (const name of names) {
    const path = join(places.journal, fileOf(name));
    const content = await readWhole(world.files, path);
    if (content === undefined) continue;
    if (newest.get(name.first) === name) segments.push({ ...name, path, content });
    else copies.push(content);
  }
  for (const name of await namesIn(world.files, places.journal)) {
    if (name !== "begun" && !name.includes(CORRUPT)) continue;
    copies.push((await readWhole(world.files, join(places.journal, name))) ?? Buffer.alloc(0));
  }
  return { segments, copies, ...witnesses };
}

async function readFolds(world: World, places: Places): Promise<Pick<JournalFiles, "folds" | "unreadableFolds">> {
  const folds: FoldFile[] = [];
  const unreadable: string[] = [];
  for (const seq of await listFolds(world, places)) {
    const fold = await readFold(world, places, seq);
    if (fold === undefined) unreadable.push(join(places.folds, `${String(seq).padStart(12, "0")}.json`));
    else folds.push(fold);
  }
  return { folds, unreadableFolds: unreadable };
}

async function readViews({ files }: World, paths: readonly string[]): Promise<readonly FoundView[]> {
  const read = await Promise.all(paths.map(async (path) => ({ path, header: (await readView(files, path))?.header })));
  return read.flatMap(({ path, header }) => (header === undefined ? [] : [{ ...header, path }]));
}
