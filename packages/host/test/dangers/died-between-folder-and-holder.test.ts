import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { fileLocks } from "../../src/locks/file-locks.ts";
import { ownIdentity } from "../../src/processes/process-identity.ts";
import { readProcessRow } from "../../src/processes/process-table.ts";
import { takerEndedAt } from "../support/started-taker.ts";

const takersOf = (path: string): readonly string[] =>
  readdirSync(dirname(path)).filter((name) => name.startsWith(`${basename(path)}.taker-`));

/** Kills a taker at every step in turn; told of each state of the disk that it leaves. */
async function atEveryStep(look: (path: string, step: number) => Promise<void>): Promise<number> {
  for (let step = 1; ; step += 1) {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    await using taker = takerEndedAt("DIE", step, path);
    const { signal } = await taker.ended;
    if (signal !== "SIGKILL") {
      expect(taker.stdout()).toContain("given back");
      return step - 1;
    }
    await look(path, step);
  }
}

test("wherever a process is killed while it takes or gives back a lock, the next one gets it at once", async () => {
  let nameless = 0;
  const steps = await atEveryStep(async (path) => {
    if (existsSync(path) && !existsSync(`${path}.holder.json`)) nameless += 1;
    const held = await fileLocks.tryTake(path, { command: "next" });
    expect(held?.isHeld()).toBe(true);
    await held?.release();
    expect(existsSync(path)).toBe(false);
  });
  expect(steps).toBeGreaterThan(5);
  // Both boundaries were met: after the folder is made, and before it is removed.
  expect(nameless).toBeGreaterThan(1);
});

test("negative control: without the taker's announcement the same look waits at those steps", async () => {
  let refused = 0;
  await atEveryStep(async (path) => {
    for (const name of takersOf(path)) rmSync(join(dirname(path), name));
    const held = await fileLocks.tryTake(path, { command: "next" });
    if (held === undefined) refused += 1;
    await held?.release();
  });
  expect(refused).toBeGreaterThan(1);
});

test("a maker that is only slow at that boundary is not robbed, and is named", async () => {
  for (let step = 1, met = false; !met; step += 1) {
    using folder = temporaryFolder();
    const path = join(folder.path, "a.lock");
    await using taker = takerEndedAt("STOP", step, path);
    await until("it is stopped", () => readProcessRow(taker.pid)?.state === "stopped");
    met = existsSync(path) && !existsSync(`${path}.holder.json`);
    if (met) {
      expect(await fileLocks.tryTake(path, { command: "next" })).toBeUndefined();
      expect(await fileLocks.holder(path)).toMatchObject({ command: "once", identity: { pid: taker.pid } });
    }
    taker.child.kill("SIGCONT");
    await taker.ended;
    expect(taker.stdout()).toContain("given back");
    expect(takersOf(path)).toEqual([]);
  }
});

test("another program's fresh lock is respected, though a taker of ours died here once", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  const dead = { identity: { ...ownIdentity(), startTime: "1" }, command: "died", since: "2026-01-01T00:00:00.000Z" };
  writeFileSync(`${path}.taker-1`, JSON.stringify(dead));
  mkdirSync(path);
  expect(await fileLocks.tryTake(path, { command: "next" })).toBeUndefined();
});

test("a lock whose holder cannot be told is not made", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  mkdirSync(`${path}.holder.json`);
  await expect(fileLocks.tryTake(path, { command: "x" })).rejects.toThrow();
  expect(existsSync(path)).toBe(false);
  expect(takersOf(path)).toEqual([]);
});
