import type { Places } from "./places.ts";
import { poison } from "./poison.ts";
import type { Segment } from "./segment.ts";
import { SegmentGone, SegmentPoisoned } from "./signals.ts";
import type { World } from "./world.ts";

/**
 * Makes the content of `segment` durable, and its name unless that is known to be. Throws {@link SegmentPoisoned} when the
 * disk refuses; the segment is marked then.
 */
export async function syncSegment(
  world: World,
  places: Places,
  segment: Segment,
  { nameIsDurable }: { readonly nameIsDurable: boolean },
): Promise<void> {
  const { files, rules } = world;
  try {
    await rules.sync(segment.file);
    // A generation that a recovery has made, and the very first segment, are named by no record.
    if (!nameIsDurable) await rules.syncRecovered(() => files.syncFolder(places.journal));
  } catch (cause) {
    await poison(world, segment.path);
    throw new SegmentPoisoned("a sync failed", { cause });
  }
}

/**
 * What was read up to `end` is still in the segment that all use; else it may lack what others were told meanwhile. Throws
 * {@link SegmentPoisoned} when any sync of it failed, {@link SegmentGone} when its path names another file or a shorter one.
 */
export async function requirePlace({ files, rules }: World, segment: Segment, end: number): Promise<void> {
  if (await rules.isPoisoned(files, segment.path)) throw new SegmentPoisoned("an earlier sync failed");
  if (!(await rules.isStillThere(files, segment, end))) throw new SegmentGone(segment.path);
}
