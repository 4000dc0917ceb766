import { join } from "node:path";
import type { Locks } from "@orchard/host";
import { stateFolder } from "./state-folders.ts";

interface Lockable {
  readonly stateDir: string;
  readonly locks: Locks;
}

/** What waits in this process for a lock, by the lock's path: between processes the lock decides, here the order. */
const queues = new Map<string, Promise<unknown>>();

const WAIT_MS = 120_000;

/**
 * Runs `work` while this process holds the lock `name` of the repository; one after the other, in order of
 * asking within a process. The wait is long: at most what the holders before us need. Throws `LOCK_TIMEOUT`.
 */
export async function underLock<T>(repo: Lockable, name: string, command: string, work: () => Promise<T>): Promise<T> {
  const path = join(await stateFolder(repo, "locks"), `${name}.lock`);
  const before = queues.get(path) ?? Promise.resolve();
  const turn = before.then(
    () => locked(repo.locks, path, command, work),
    () => locked(repo.locks, path, command, work),
  );
  queues.set(path, turn);
  try {
    return await turn;
  } finally {
    if (queues.get(path) === turn) queues.delete(path);
  }
}

async function locked<T>(locks: Locks, path: string, command: string, work: () => Promise<T>): Promise<T> {
  await using _held = await locks.take(path, { command, waitMs: WAIT_MS });
  return await work();
}
