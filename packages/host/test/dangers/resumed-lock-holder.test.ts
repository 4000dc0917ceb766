import { existsSync, readFileSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { lock } from "proper-lockfile";
import { expect, test } from "vitest";
import { createFileLocks } from "../../src/locks/file-locks.ts";
import { readProcessRow } from "../../src/processes/process-table.ts";
import { startedTaker } from "../support/started-taker.ts";

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 50 : 3;
const locks = createFileLocks({ staleMs: 300 });

test.each(["stopped", "exits"])(
  "a holder that was stopped, robbed and continued (%s) knows it, and leaves the lock of the next one alone",
  async (scene) => {
    for (let round = 0; round < ROUNDS; round += 1) {
      using folder = temporaryFolder();
      const path = join(folder.path, "a.lock");
      await using first = startedTaker("ours", scene, path);
      await first.said("taken");
      await until("it is stopped", () => readProcessRow(first.pid)?.state === "stopped");
      await using second = await locks.take(path, { command: "second", waitMs: 60_000 });
      first.child.kill("SIGCONT");
      await first.ended;
      expect(first.stderr()).toBe("");
      if (scene === "stopped") expect(first.stdout()).toContain("held: false");
      expect(second.isHeld()).toBe(true);
      expect((await locks.holder(path))?.command).toBe("second");
    }
  },
);

test("negative control: proper-lockfile alone deletes the lock of the next one, and the same look sees it", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  await using first = startedTaker("raw", "stopped", path);
  await first.said("taken");
  await until("it is stopped", () => readProcessRow(first.pid)?.state === "stopped");
  const options = { lockfilePath: path, realpath: false, stale: 2000, onCompromised: () => undefined };
  const release = await until("it is stale", () => lock(path, options).catch(() => undefined), { every: 100 });
  first.child.kill("SIGCONT");
  await first.ended;
  expect(existsSync(path)).toBe(false);
  await release().catch(() => undefined);
});

test("a lock that gets the inode number of the one before is still told from it", async () => {
  using folder = temporaryFolder();
  const path = join(folder.path, "a.lock");
  const first = await locks.take(path, { command: "first" });
  rmdirSync(path);
  await using _second = await locks.take(path, { command: "second" });
  expect(first.isHeld()).toBe(false);
  await first.release();
  expect(JSON.parse(readFileSync(`${path}.holder.json`, "utf8"))).toMatchObject({ command: "second" });
  expect(existsSync(path)).toBe(true);
});
