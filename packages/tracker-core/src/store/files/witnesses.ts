import { join } from "node:path";
import { readWhole } from "@orchard/host";
import { linesIn } from "./lines-in.ts";
import { listSegments } from "./open-segment.ts";
import type { Places } from "./places.ts";
import type { Segment } from "./segment.ts";
import { fileOf } from "./segment.ts";
import type { World } from "./world.ts";

/** What the other files of the journal know of one segment. */
export interface Witnesses {
  /** The last number before the newest later segment that holds a record; 0 when there is none. */
  readonly later: number;
  /** The highest number that a line in an earlier generation of it says was durable; 0 when there is none. */
  readonly earlier: number;
}

/**
 * A segment is only written to once all before it is durable: one record in it is a witness for them. And a recovery copies
 * winners, not the losers and late records behind them: what these knew to be durable still stands where they stand.
 */
export async function askWitnesses(world: World, places: Places, segment: Segment): Promise<Witnesses> {
  const others = await listSegments(world, places);
  let later = 0;
  for (const name of others.filter(({ first }) => first > segment.first).reverse()) {
    const [any] = linesIn(await contentOf(name));
    if (any === undefined) continue;
    later = name.first - 1;
    break;
  }
  let earlier = 0;
  for (const name of world.rules.hearsEarlier() ? others : []) {
    if (name.first !== segment.first || name.generation >= segment.generation) continue;
    for (const { line } of linesIn(await contentOf(name))) earlier = Math.max(earlier, line.durable);
  }
  return { later, earlier };

  async function contentOf(name: (typeof others)[number]): Promise<Buffer> {
    return (await readWhole(world.files, join(places.journal, fileOf(name)))) ?? Buffer.alloc(0);
  }
}
