import { dirname } from "node:path";
import type { HeldLock } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import type { View } from "../view.ts";
import type { Position } from "./fold-file.ts";
import { isBeingHeld, isYoung } from "./is-young.ts";
import { hashOf } from "./line.ts";
import { makeFolders, peekView, type Rendered, readView, renderView, type ViewFile, writeView } from "./view-file.ts";
import type { World } from "./world.ts";

/** A durable state and where in the journal it stands. */
export interface Moment<State> {
  readonly position: Position;
  readonly state: State;
}

/** What keeping a view needs from the store. */
export interface ViewPorts<State> {
  readonly world: World;
  /** Folds to the end and makes it durable; `undefined` when the journal is in trouble. */
  moment(): Promise<Moment<State> | undefined>;
  /** Told of a view that holds more than the journal, or something else. */
  witness(position: Position): Promise<void>;
  /** Told where a copy of what somebody else wrote into a view was kept. */
  keptAside(view: string, copy: string): void;
}

/**
 * Writes `view` when it is behind; returns whether there is more to do later. The view is written by whoever gets its
 * lock, and rendered only then: who does not get it leaves if the holder lives, which will look again before and after
 * it gives the lock back. `paced` leaves a view alone that is younger than `viewMs`, since somebody is writing it all the
 * time.
 */
export async function keepView<State>(ports: ViewPorts<State>, view: View<State>, paced: boolean): Promise<boolean> {
  const { world } = ports;
  let kept: Kept | undefined;
  for (;;) {
    // Before anything that costs: of many busy writers most have nothing to do here.
    if (paced && ((await isYoung(world, view.path, world.limits.viewMs)) || (await isBeingHeld(world, view.lock)))) {
      return true;
    }
    const moment = await ports.moment();
    if (moment === undefined || (await isStill(world, view, kept, moment.position))) return false;
    const found = await readView(world.files, view.path);
    if (found?.header?.store === moment.position.store && found.header.seq >= moment.position.seq) {
      await ports.witness(found.header);
      return false;
    }
    const held = await takeLock(world, view).catch((error: unknown) =>
      leaveIfGood(world, { view, found, moment, error }),
    );
    if (held === "leave") return paced;
    try {
      kept = await replace(ports, view, found);
    } finally {
      await held?.release();
    }
    if (!world.rules.looksAgain()) return false;
    if (paced) return true;
  }
}

/** What a look after a view ended with: what the view says of itself, and what the journal said then. */
interface Kept {
  readonly view: Position;
  readonly journal: Position;
}

/** Nothing came since, and what we left there is there. */
async function isStill<State>(
  { files }: World,
  { path }: View<State>,
  kept: Kept | undefined,
  now: Position,
): Promise<boolean> {
  if (kept === undefined || kept.journal.store !== now.store || kept.journal.seq !== now.seq) return false;
  const seen = await peekView(files, path);
  return seen?.store === kept.view.store && seen.seq === kept.view.seq && seen.hash === kept.view.hash;
}

interface Asked<State> {
  readonly view: View<State>;
  readonly found: ViewFile | undefined;
  readonly moment: Moment<State>;
  readonly error: unknown;
}

/** Where nobody may make a lock, a view that says the right thing is left as it is. Throws what taking the lock threw. */
function leaveIfGood<State>(world: World, { view, found, moment, error }: Asked<State>): "leave" {
  if (isGoodEnough(world, found, renderView(view.render(moment.state)), moment.position)) return "leave";
  throw error;
}

/** The content is right, and only records of other streams came since. */
function isGoodEnough({ limits }: World, found: ViewFile | undefined, { checksum }: Rendered, now: Position): boolean {
  const header = found?.header;
  return header?.store === now.store && header.checksum === checksum && now.seq - header.seq <= limits.viewLag;
}

/** `undefined`: nobody can be asked, we write without the lock, which guards nothing. */
async function takeLock<State>(world: World, { lock }: View<State>): Promise<HeldLock | undefined | "leave"> {
  await makeFolders(world.files, dirname(lock));
  const held = await world.locks.tryTake(lock, { command: "write the view" });
  if (held !== undefined) return held;
  const holder = await world.locks.holder(lock);
  const state = holder === undefined ? "none" : world.isDead(holder.identity) ? "dead" : "alive";
  return world.rules.mayLeaveView(state) ? "leave" : undefined;
}

/** Folds again, now that nobody else is at it, and writes what is there. `undefined`: there is nothing to say of it. */
async function replace<State>(
  ports: ViewPorts<State>,
  view: View<State>,
  before: ViewFile | undefined,
): Promise<Kept | undefined> {
  const { world } = ports;
  const moment = await ports.moment();
  if (moment === undefined) return undefined;
  const now = await readView(world.files, view.path, before);
  const { position, state } = moment;
  if (now !== undefined && (now.header === undefined || now.header.store !== position.store)) {
    await keepAside(ports, view, now);
  } else if (now?.header !== undefined && now.stat.ino !== before?.stat.ino && now.header.seq >= position.seq) {
    return undefined;
  }
  const rendered = renderView(view.render(state));
  if (now?.header !== undefined && isGoodEnough(world, now, rendered, position)) {
    return { view: now.header, journal: position };
  }
  await writeView(world.files, view.path, rendered, position);
  return { view: position, journal: position };
}

/**
 * What we did not write is kept under another name, `<view>.edited-<hash>`: equal content once, and not without end. What
 * is no file goes there whole, since no view can take its place.
 */
async function keepAside<State>(ports: ViewPorts<State>, view: View<State>, { stat }: ViewFile): Promise<void> {
  const { files, limits } = ports.world;
  const name = hashOf(`${stat.ino} ${stat.size} ${stat.changedAt}`).slice(0, 8);
  const prefix = `${view.path}.edited-`;
  if (stat.kind !== "file") {
    await files.rename(view.path, `${prefix}${name}`);
    return ports.keptAside(view.path, `${prefix}${name}`);
  }
  const copies = (await files.readFolder(dirname(view.path))).filter((other) => prefix.endsWith(`/${stemOf(other)}`));
  if (copies.length >= limits.keptCopies) return;
  try {
    await files.link(view.path, `${prefix}${name}`);
    ports.keptAside(view.path, `${prefix}${name}`);
  } catch (error) {
    if (!isSystemError(error, "EEXIST", "ENOENT")) throw error;
  }
}

function stemOf(name: string): string {
  return name.replace(/[0-9a-f]{8}$/, "");
}
