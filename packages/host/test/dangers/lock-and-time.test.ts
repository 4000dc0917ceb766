import { existsSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { lock } from "proper-lockfile";
import { expect, test } from "vitest";
import { fileLocks } from "../../src/locks/file-locks.ts";
import { findLockFolder } from "../../src/locks/lock-folder.ts";
import { writeHolder } from "../../src/locks/lock-holder.ts";
import { ownIdentity } from "../../src/processes/process-identity.ts";
import { startedTaker } from "../support/started-taker.ts";

const seconds = (past: number): number => Date.now() / 1000 - past;

test.each([3600, -3600])("a live holder is not robbed when the clock jumps by %i s, blocked or not", async (jump) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  const go = join(folder.path, "go");
  await using taker = startedTaker("ours", "blocked", path, go);
  await taker.said("taken");
  utimesSync(path, seconds(jump), seconds(jump));
  expect(await fileLocks.tryTake(path, { command: "x" })).toBeUndefined();
  writeFileSync(go, "");
  await taker.ended;
});

test("negative control: proper-lockfile alone robs a live holder after a jump, and the same look sees it", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  await using taker = startedTaker("raw", "blocked", path, join(folder.path, "go"));
  await taker.said("taken");
  utimesSync(path, seconds(3600), seconds(3600));
  const release = await lock(path, { lockfilePath: path, realpath: false, stale: 30_000 });
  expect(existsSync(path)).toBe(true);
  await release();
});

test.each([
  ["without a sign of life for a minute is free, though nobody says whose it was", 60, true],
  ["from the future is free too: a clock that went back must not lock us out", -3600, true],
  ["with a fresh sign of life is respected, though nobody says whose it is", 1, false],
] as const)("a lock %s", async (_what, past, isFree) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  mkdirSync(path);
  utimesSync(path, seconds(past), seconds(past));
  const held = await fileLocks.tryTake(path, { command: "x" });
  expect(held?.isHeld() ?? false).toBe(isFree);
  await held?.release();
});

test.each([
  [60, true],
  [1, false],
])("the lock of another container, silent for %i s: free is %s", async (past, isFree) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  mkdirSync(path);
  const identity = { ...ownIdentity(), pidNamespace: "pid:[1]" };
  const made = findLockFolder(path);
  if (made === undefined) throw new Error("it was just made");
  writeHolder(path, { identity, command: "elsewhere", since: "2026-01-01T00:00:00.000Z", token: "t", folder: made });
  utimesSync(path, seconds(past), seconds(past));
  const held = await fileLocks.tryTake(path, { command: "x" });
  expect(held !== undefined).toBe(isFree);
  await held?.release();
});

test("a holder whose lock is removed under it goes on without a fault and knows that it holds nothing", async () => {
  using folder = temporaryFolder();
  await using taker = startedTaker("ours", "removed", join(folder.path, "a.lock"));
  expect(await taker.ended).toEqual({ code: 0, signal: null });
  expect(taker.stdout()).toContain("held: false");
  expect(taker.stderr()).toBe("");
});

test("negative control: proper-lockfile alone dies of it in a timer", async () => {
  using folder = temporaryFolder();
  await using taker = startedTaker("raw", "removed", join(folder.path, "a.lock"));
  expect((await taker.ended).code).not.toBe(0);
  expect(taker.stderr()).toContain("ECOMPROMISED");
});
