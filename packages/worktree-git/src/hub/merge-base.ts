import { commitTime, parseCommit } from "../git/parse-commit.ts";
import type { PendingObjects } from "../git/pending-objects.ts";
import type { Oid } from "../object-id.ts";

/** A history longer than this is git's to walk. */
const FARTHEST = 5_000;

interface Walked {
  readonly oid: Oid;
  readonly parents: readonly Oid[];
  readonly at: number;
}

/**
 * The one best common ancestor of two commits, walked from the newest down as git does; `undefined` when there is
 * none, more than one, or the walk would be long: then git must decide. Not for shallow repositories.
 */
export async function onlyMergeBase(objects: PendingObjects, a: Oid, b: Oid): Promise<Oid | undefined> {
  const sides = new Map<Oid, number>();
  const queue: Walked[] = [];
  const found = new Set<Oid>();
  const reach = async (oid: Oid, flags: number): Promise<void> => {
    const had = sides.get(oid) ?? 0;
    if ((had | flags) === had) return;
    sides.set(oid, had | flags);
    queue.push(await walked(objects, oid));
  };
  await reach(a, OURS);
  await reach(b, THEIRS);
  for (let steps = 0; queue.some(({ oid }) => ((sides.get(oid) ?? 0) & STALE) === 0); steps += 1) {
    if (steps > FARTHEST) return undefined;
    const next = takeNewest(queue);
    let flags = sides.get(next.oid) ?? 0;
    if ((flags & BOTH) === BOTH) {
      if ((flags & STALE) === 0) found.add(next.oid);
      flags |= STALE; // whatever lies below a common ancestor is a worse one
    }
    for (const parent of next.parents) await reach(parent, flags);
  }
  const best = [...found].filter((oid) => ((sides.get(oid) ?? 0) & STALE) === 0);
  return best.length === 1 ? best[0] : undefined;
}

const OURS = 1;
const THEIRS = 2;
const BOTH = OURS | THEIRS;
const STALE = 4;

async function walked(objects: PendingObjects, oid: Oid): Promise<Walked> {
  const object = await objects.read(oid);
  if (object?.type !== "commit") return { oid, parents: [], at: 0 };
  return { oid, parents: parseCommit(oid, object.content).parents, at: commitTime(object.content) };
}

function takeNewest(queue: Walked[]): Walked {
  let newest = 0;
  for (let index = 1; index < queue.length; index += 1) {
    if (queue[index]!.at > queue[newest]!.at) newest = index;
  }
  return queue.splice(newest, 1)[0]!;
}
