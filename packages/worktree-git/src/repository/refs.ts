import { open, rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { isSystemError } from "@orchard/kernel";
import { gitFailed, refLocked } from "../errors.ts";
import type { GitDoor } from "../git/git-door.ts";
import { isOid, type Oid, zeroOid } from "../object-id.ts";
import { parseRef, type RefName } from "../ref-name.ts";
import type { Repository } from "./repository.ts";
import { trashFolder } from "./state-folders.ts";

/** The commit that a ref leads to. */
export async function resolveRef(door: GitDoor, ref: RefName): Promise<Oid | undefined> {
  const { stdout } = await door.inRepository({
    command: "rev-parse",
    options: ["--verify", "--quiet"],
    values: [`${ref}^{commit}`],
    codes: [0, 1, 128],
  });
  const oid = stdout.toString("latin1").trim();
  return isOid(oid) ? oid : undefined;
}

/** HEAD of the main checkout. */
export async function readHead(door: GitDoor): Promise<{ readonly branch?: RefName; readonly commit?: Oid }> {
  const symbolic = await door.inRepository({
    command: "symbolic-ref",
    options: ["--quiet"],
    values: ["HEAD"],
    codes: [0, 1],
  });
  const name = symbolic.stdout.toString("utf8").replace(/\n$/, "");
  const { stdout } = await door.inRepository({
    command: "rev-parse",
    options: ["--verify", "--quiet"],
    values: ["HEAD^{commit}"],
    codes: [0, 1, 128],
  });
  const commit = stdout.toString("latin1").trim();
  return { ...(name === "" ? {} : { branch: parseRef(name) }), ...(isOid(commit) ? { commit } : {}) };
}

/** See {@link Repository.moveRef}. */
export async function moveRef(
  repo: Repository,
  ref: RefName,
  to: Oid,
  expected: Oid | "absent",
  message: string,
): Promise<"moved" | "stale"> {
  const old = expected === "absent" ? zeroOid(repo.objectFormat) : expected;
  return swap(repo, ref, expected, `update ${ref}\0${to}\0${old}\0`, message);
}

/** See {@link Repository.deleteRef}. */
export async function deleteRef(repo: Repository, ref: RefName, expected: Oid): Promise<"deleted" | "stale"> {
  if ((await exactly(repo, ref)) === undefined) return "deleted";
  const outcome = await swap(repo, ref, expected, `delete ${ref}\0${expected}\0`, "");
  return outcome === "moved" ? "deleted" : "stale";
}

const LOCK_WAIT_MS = 5_000;

/** One transaction. A ref that another process is changing right now is waited for; one that moved is `stale`. */
async function swap(
  repo: Repository,
  ref: RefName,
  expected: Oid | "absent",
  instruction: string,
  message: string,
): Promise<"moved" | "stale"> {
  const deadline = performance.now() + LOCK_WAIT_MS;
  for (let wait = 5; ; wait = Math.min(wait * 2, 200)) {
    const { code, stderr } = await repo.door.inRepository({
      command: "update-ref",
      options: ["--no-deref", ...(message === "" ? [] : ["-m", oneLine(message)]), "-z", "--stdin"],
      stdin: instruction,
      codes: [0, 1, 128],
    });
    if (code === 0) {
      await syncRef(repo, ref);
      return "moved";
    }
    const now = await exactly(repo, ref);
    if (now !== (expected === "absent" ? undefined : expected)) return "stale";
    const locked = await refLock(repo, ref);
    if (locked === undefined && performance.now() > deadline) throw gitFailed("update-ref", code, stderr);
    if (locked !== undefined && (await putAbandonedLockAside(repo, locked))) continue;
    if (locked === undefined && wait > 40) throw gitFailed("update-ref", code, stderr);
    if (performance.now() > deadline) throw refLocked(ref);
    await pause(wait * (0.5 + Math.random()));
  }
}

/** The object that a ref holds, not peeled. */
async function exactly(repo: Repository, ref: RefName): Promise<Oid | undefined> {
  const { stdout } = await repo.door.inRepository({
    command: "rev-parse",
    options: ["--verify", "--quiet"],
    values: [ref],
    codes: [0, 1, 128],
  });
  const oid = stdout.toString("latin1").trim();
  return isOid(oid) ? oid : undefined;
}

interface FoundLock {
  readonly path: string;
  readonly touched: number;
}

async function refLock(repo: Repository, ref: RefName): Promise<FoundLock | undefined> {
  const path = join(repo.place.commonDir, `${ref}.lock`);
  const found = await stat(path).catch(() => undefined);
  return found?.isFile() === true ? { path, touched: found.mtimeMs } : undefined;
}

/** A lock older than the machine's start has no living holder; it goes to the trash. */
async function putAbandonedLockAside(repo: Repository, lock: FoundLock): Promise<boolean> {
  const booted = repo.clock.now() - repo.clock.sinceBoot();
  if (lock.touched > booted - 60_000) return false;
  try {
    await rename(lock.path, join(await trashFolder(repo, "ref-lock"), "lock"));
  } catch (error) {
    if (!isSystemError(error, "ENOENT")) throw error;
  }
  return true;
}

/** git synced the ref's file; its name, and folders made for it, follow here. */
export async function syncRef({ place }: Repository, ref: RefName): Promise<void> {
  for (let folder = dirname(ref); folder !== "."; folder = dirname(folder)) {
    await syncFolder(join(place.commonDir, folder));
  }
  await syncFolder(place.commonDir);
}

/** Makes the names in a folder survive a power cut; a folder that is not there (packed refs) needs nothing. */
export async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!isSystemError(error, "ENOENT", "ENOTDIR")) throw error;
  }
}

function oneLine(message: string): string {
  return message.replace(/[\0-\x1f]+/g, " ").slice(0, 200);
}
