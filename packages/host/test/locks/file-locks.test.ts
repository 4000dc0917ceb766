import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isOrchardError } from "@orchard/kernel";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { nameHolder } from "../../src/locks/errors.ts";
import { createFileLocks, fileLocks } from "../../src/locks/file-locks.ts";
import { ownIdentity } from "../../src/processes/process-identity.ts";

test("a taken lock names its holder and is free again after its scope", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "view.lock");
  {
    await using held = await fileLocks.take(path, { command: "orch merge" });
    expect(held.isHeld()).toBe(true);
    expect(await fileLocks.holder(path)).toMatchObject({ command: "orch merge", identity: ownIdentity() });
    expect(await fileLocks.tryTake(path, { command: "other" })).toBeUndefined();
  }
  expect(await fileLocks.holder(path)).toBeUndefined();
  expect(existsSync(path)).toBe(false);
  const again = await fileLocks.tryTake(path, { command: "next" });
  expect(again?.isHeld()).toBe(true);
  await again?.release();
  await again?.release();
  expect(again?.isHeld()).toBe(false);
});

test("whoever waits too long is told who holds the lock, since when and for what", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  await using _held = await fileLocks.take(path, { command: "orch execute" });
  const error = await fileLocks.take(path, { command: "x", waitMs: 50 }).catch((thrown: unknown) => thrown);
  expect(isOrchardError(error, "LOCK_TIMEOUT")).toBe(true);
  expect(String(error)).toContain("orch execute");
  expect(String(error)).toContain(String(process.pid));
  expect((error as { exitCode: number }).exitCode).toBe(4);
});

test("two flows of one process exclude each other and both get their turn", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  let inside = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      await using _held = await fileLocks.take(path, { command: "x", waitMs: 60_000 });
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    }),
  );
  expect(most).toBe(1);
});

test.each([
  ["a file", (path: string) => writeFileSync(path, "x")],
  ["a link to a folder", (path: string) => symlinkSync("/tmp", path)],
  ["a dangling link", (path: string) => symlinkSync("/nowhere/at/all", path)],
])("%s at the lock's path is a typed error that names it, and stays", async (_what, make) => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  make(path);
  const error = await fileLocks.take(path, { command: "x" }).catch((thrown: unknown) => thrown);
  expect(isOrchardError(error, "LOCK_PATH_UNUSABLE")).toBe(true);
  expect(String(error)).toContain(path);
});

test("a lock in a folder that is missing is a typed error", async () => {
  const error = await fileLocks.take("/nowhere/at all/a.lock", { command: "x" }).catch((thrown: unknown) => thrown);
  expect(isOrchardError(error, "LOCK_PATH_UNUSABLE")).toBe(true);
});

test("a lock with a stranger's file inside is neither emptied nor taken while it is fresh", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  mkdirSync(path);
  writeFileSync(join(path, "mine.txt"), "keep");
  expect(await fileLocks.tryTake(path, { command: "x" })).toBeUndefined();
  expect(existsSync(join(path, "mine.txt"))).toBe(true);
});

test("a wait of more than a second is told once, with who holds the lock", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  const told: string[] = [];
  const locks = createFileLocks({ onWait: (at, holder) => told.push(`${at} ${nameHolder(holder)}`) });
  const held = await fileLocks.take(path, { command: "orch merge" });
  const next = locks.take(path, { command: "x", waitMs: 60_000 });
  await until("it is told", () => told.length > 0);
  await held.release();
  await (await next).release();
  expect(told).toHaveLength(1);
  expect(told[0]).toContain(path);
  expect(told[0]).toContain(`"orch merge" (process ${process.pid}`);
});

test("who is interrupted does not wait on", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  await using _ = await fileLocks.take(path, { command: "orch merge" });
  const interrupt = new AbortController();
  const next = fileLocks.take(path, { command: "x", waitMs: 60 * 60_000, signal: interrupt.signal });
  interrupt.abort();
  await expect(next).rejects.toMatchObject({ code: "LOCK_TIMEOUT" });
  await expect(fileLocks.tryTake(path, { command: "x" })).resolves.toBeUndefined();
});
