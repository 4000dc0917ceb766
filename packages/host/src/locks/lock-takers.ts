import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { livenessOf } from "../processes/liveness.ts";
import type { LockHolder } from "./locks.ts";
import { writeNew } from "./write-new.ts";

/** Somebody who is about to make a lock folder, made it, or is about to remove it. */
export interface Taker extends LockHolder {
  readonly file: string;
}

/**
 * Tells, from before the lock folder is made until after it is removed, who makes it: `<lock>.taker-<token>`. So a folder
 * of ours never stands without the name of its maker, wherever that one dies: the holder file cannot be written before
 * the folder, whose number it holds.
 */
export function announceTaker(path: string, { token, ...taker }: LockHolder & { readonly token: string }): Disposable {
  const file = `${path}${INFIX}${token}`;
  writeNew(file, JSON.stringify(taker));
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** Everybody who is announced. A file that is not whole yet is nobody's: its writer has made no folder. */
export function readTakers(path: string): readonly Taker[] {
  const parent = dirname(path);
  const stem = `${basename(path)}${INFIX}`;
  return namesIn(parent).flatMap((name) => (name.startsWith(stem) ? (readTaker(join(parent, name)) ?? []) : []));
}

/** Who made the folder that stands there, as far as can be said: one who may live, else one of the dead. */
export function likelyMaker(takers: readonly Taker[]): Taker | undefined {
  return takers.find(({ identity }) => livenessOf(identity) !== "dead") ?? takers[0];
}

/** To be called with takers that were read before a lock was broken: then none of the dead has made the next one. */
export function removeDeadTakers(takers: readonly Taker[]): void {
  for (const { file, identity } of takers) if (livenessOf(identity) === "dead") rmSync(file, { force: true });
}

const INFIX = ".taker-";

function readTaker(file: string): Taker | undefined {
  try {
    const taker = JSON.parse(readFileSync(file, "utf8")) as Partial<LockHolder> | null;
    const { identity, command, since } = taker ?? {};
    const whole = typeof identity?.pid === "number" && typeof command === "string" && typeof since === "string";
    return whole ? { identity, command, since, file } : undefined;
  } catch {
    return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isSystemError(error, "ENOENT")) return [];
    throw error;
  }
}
