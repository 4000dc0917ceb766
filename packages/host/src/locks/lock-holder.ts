import { readFileSync, renameSync, rmSync } from "node:fs";
import { randomToken } from "../processes/system-clock.ts";
import type { FoundLock, LockFolder } from "./lock-folder.ts";
import { likelyMaker, readTakers } from "./lock-takers.ts";
import type { LockHolder } from "./locks.ts";
import { writeNew } from "./write-new.ts";

/** What the file says: the holder, and which lock folder it made, since the file may outlive it. */
interface Claim extends LockHolder {
  readonly folder: LockFolder;
  readonly token: string;
}

/** Tells who holds `folder`. Replaced by rename, so no reader sees half of it; not synced, a reboot frees the lock anyway. */
export function writeHolder(path: string, claim: Claim): void {
  const temporary = `${holderFile(path)}.${randomToken()}`;
  writeNew(temporary, `${JSON.stringify(claim, undefined, 2)}\n`);
  renameSync(temporary, holderFile(path));
}

/** The holder of exactly that lock folder; `undefined` when the file is missing, damaged or about an earlier one. */
export function readHolder(path: string, folder: LockFolder): LockHolder | undefined {
  const claim = readClaim(path);
  if (claim === undefined || claim.folder.ino !== folder.ino || claim.folder.born !== folder.born) return undefined;
  return { identity: claim.identity, command: claim.command, since: claim.since };
}

/**
 * Who holds `folder`; in the moments in which the file does not tell, who made it. `undefined`: a program that says
 * nothing. The file is read once more after the takers: a maker that withdrew its own has written it before.
 */
export function holderOf(path: string, folder: FoundLock): LockHolder | undefined {
  const told = readHolder(path, folder);
  if (told !== undefined || !folder.isOurs) return told;
  const takers = readTakers(path);
  return readHolder(path, folder) ?? likelyMaker(takers);
}

/** Whether the file was written with that token. */
export function isHolder(path: string, token: string): boolean {
  return readClaim(path)?.token === token;
}

export function removeHolder(path: string): void {
  rmSync(holderFile(path), { force: true });
}

function holderFile(path: string): string {
  return `${path}.holder.json`;
}

function readClaim(path: string): Claim | undefined {
  try {
    const claim = JSON.parse(readFileSync(holderFile(path), "utf8")) as Partial<Claim> | null;
    const whole =
      typeof claim?.token === "string" &&
      typeof claim.command === "string" &&
      typeof claim.since === "string" &&
      typeof claim.folder?.ino === "string" &&
      typeof claim.identity?.pid === "number";
    return whole ? (claim as Claim) : undefined;
  } catch {
    return undefined;
  }
}
