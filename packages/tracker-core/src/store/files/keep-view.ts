import { dirname } from "node:path";
import type { HeldLock } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
import type { View } from "../view.ts";
import type { Position } from "./fold-file.ts";
import { isBeingHeld, isYoung } from "./is-young.ts";
import { hashOf } from "./line.ts";
import { makeFolders, type Rendered, readView, renderView, type ViewFile, writeView } from "./view-file.ts";
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
 * lock. Who does not get it leaves only if the holder lives: it will look again before and after it gives the lock back.
 * `paced` leaves a view alone that is younger than `viewMs`, since somebody is writing it all the time.
 */
export async function keepView<State>(ports: ViewPorts<State>, view: View<State>, paced: boolean): Promise<boolean> {
  const { world } = ports;
  for (;;) {
    // Before anything that costs: of many busy writers most have nothing to do here.
    if (paced && ((await isYoung(world, view.path, world.limits.viewMs)) || (await isBeingHeld(world, view.lock)))) {
      return true;
    }
    const moment = await ports.moment();
    if (moment === undefined) return false;
    const found = await readView(world.files, view.path);
    if (found?.header?.store === moment.position.store && found.header.seq >= moment.position.seq) {
      await ports.witness(found.header);
      return false;
    }
    const rendered = renderView(view.render(moment.state));
    if (isGoodEnough(world, found, rendered, moment.position)) return false;
    const held = await takeLock(world, view);
    if (held === "leave") return paced;
    try {
      await replace(ports, view, found);
    } finally {
      await held?.release();
    }
    if (!world.rules.looksAgain()) return false;
    if (paced) return true;
  }
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

/** Folds again, now that nobody else is at it, and writes what is there. */
async function replace<State>(ports: ViewPorts<State>, view: View<State>, before: ViewFile | undefined): Promise<void> {
  const { files } = ports.world;
  const moment = await ports.moment();
  if (moment === undefined) return;
  const now = await readView(files, view.path);
  const { position, state } = moment;
  if (now !== undefined && (now.header === undefined || now.header.store !== position.store)) {
    await keepAside(ports, view, now);
  } else if (now?.header !== undefined && now.stat.ino !== before?.stat.ino && now.header.seq >= position.seq) {
    return;
  }
  await writeView(files, view.path, renderView(view.render(state)), position);
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
