import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { fileLocks } from "../../src/locks/file-locks.ts";
import { findLockFolder } from "../../src/locks/lock-folder.ts";
import { writeHolder } from "../../src/locks/lock-holder.ts";
import { ownIdentity } from "../../src/processes/process-identity.ts";
import { startedTaker } from "../support/started-taker.ts";

const DEAD = { ...ownIdentity(), startTime: "1" };

/** A lock as a process leaves it that was killed while it held it. */
function orphanedLock(path: string, identity = DEAD): void {
  mkdirSync(path);
  const folder = findLockFolder(path);
  if (folder === undefined) throw new Error("it was just made");
  writeHolder(path, { identity, command: "died", since: "2026-01-01T00:00:00.000Z", token: "t", folder });
}

test("the lock of a process that was killed is taken at once, long before it is stale", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  await using taker = startedTaker("ours", "waits", path);
  await taker.said("taken");
  expect(await fileLocks.tryTake(path, { command: "next" })).toBeUndefined();
  taker.child.kill("SIGKILL");
  await taker.ended;
  await using held = await fileLocks.tryTake(path, { command: "next" });
  expect(held?.isHeld()).toBe(true);
});

test("a holder that is told to end by SIGTERM ends by it and leaves no lock", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  await using taker = startedTaker("ours", "waits", path);
  await taker.said("taken");
  taker.child.kill("SIGTERM");
  expect(await taker.ended).toEqual({ code: null, signal: "SIGTERM" });
  expect(existsSync(path)).toBe(false);
});

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 100 : 25;
/** The control goes on until it is caught; on a busy machine that may take many rounds. */
const MOST = 500;

test.each([
  ["ours", "exactly one of many that see a dead holder's lock gets it"],
  ["raw", "negative control: with proper-lockfile's own judgement more than one does"],
] as const)("%s: %s", async (kind, _promise) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "lock");
  const rounds = kind === "ours" ? ROUNDS : MOST;
  const contenders = Array.from({ length: 8 }, () => startedTaker(kind, "contends", path, String(rounds)));
  const winners: number[] = [];
  const isCaught = () => kind === "raw" && (winners.at(-1) ?? 0) > 1;
  try {
    for (let round = 0; round < rounds && !isCaught(); round += 1) {
      orphanedLock(`${path}.${round}`);
      if (kind === "raw") {
        const { utimesSync } = await import("node:fs");
        utimesSync(`${path}.${round}`, 1, 1);
      }
      writeFileSync(`${path}.go-${round}`, "");
      await until("all have tried", () => lengthOf(`${path}.done-${round}`) === contenders.length);
      winners.push(readLines(`${path}.won-${round}`).length);
    }
  } finally {
    for (const one of contenders) await one[Symbol.asyncDispose]();
  }
  if (kind === "ours") expect(new Set(winners)).toEqual(new Set([1]));
  else expect(Math.max(...winners)).toBeGreaterThan(1);
  const left = readdirSync(folder.path).filter((name) => /break|broken/.test(name));
  expect(left).toEqual([]);
});

test("a waiter that died while it broke a lock does not keep the others from it; one that lives does", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  orphanedLock(path);
  const { ino, born } = findLockFolder(path) ?? {};
  const claim = `${path}.break-${ino}-${born}-1`;
  writeFileSync(claim, JSON.stringify(ownIdentity()));
  expect(await fileLocks.tryTake(path, { command: "x" })).toBeUndefined();
  writeFileSync(claim, JSON.stringify(DEAD));
  await using held = await fileLocks.tryTake(path, { command: "x" });
  expect(held?.isHeld()).toBe(true);
  expect(existsSync(claim)).toBe(false);
});

test("processes that are killed at any moment never stop the others, nor let two of them in at once", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  const file = join(folder.path, "count");
  writeFileSync(file, "");
  const counters = Array.from({ length: 4 }, () => startedTaker("ours", "counts", path, file, "150"));
  try {
    await until("they are at work", () => lengthOf(file) > 20);
    for (const victim of counters.slice(0, 2)) {
      const before = lengthOf(file);
      victim.child.kill("SIGKILL");
      await until("the others go on", () => lengthOf(file) > before + 20);
    }
    for (const one of counters.slice(2)) expect(await one.ended).toEqual({ code: 0, signal: null });
    for (const one of counters) expect(one.stdout()).not.toContain("not alone");
  } finally {
    for (const one of counters) await one[Symbol.asyncDispose]();
  }
});

function lengthOf(path: string): number {
  return existsSync(path) ? readFileSync(path, "utf8").length : 0;
}

function readLines(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").filter(Boolean) : [];
}
