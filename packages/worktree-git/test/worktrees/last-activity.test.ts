import { mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lastActivity } from "../../src/index.ts";
import { type Opened, opened, reopen } from "../helpers/opened.ts";

const FILES = { "a.txt": "a\n", "d/b.txt": "b\n", ".gitignore": "*.env\n" };
const OLD = new Date("2026-01-01T00:00:00Z");
const at = (minute: number) => new Date(Date.UTC(2026, 0, 2, 3, minute));

/** A worktree in which everything was last touched at `OLD`. */
async function quiet(o: Opened): Promise<{ readonly lane: string; readonly admin: string }> {
  const lane = await o.addLane("x");
  const admin = join(o.git.path, ".git/worktrees/agent-x");
  for (const path of [".", "d", "a.txt", "d/b.txt", ".gitignore"]) utimesSync(join(lane, path), OLD, OLD);
  for (const name of ["HEAD", "index", "logs/HEAD"]) utimesSync(join(admin, name), OLD, OLD);
  return { lane, admin };
}

function touch(path: string, minute: number): void {
  utimesSync(path, at(minute), at(minute));
}

test("an untouched worktree was last alive when it was made", async () => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  expect(await lastActivity(o.repo, lane)).toMatchObject({ at: OLD.toISOString() });
});

test.each([
  ["head", "HEAD"],
  ["head", "logs/HEAD"],
  ["index", "index"],
] as const)("the %s moves with its %s", async (sign, file) => {
  using o = await opened(FILES);
  const { lane, admin } = await quiet(o);
  touch(join(admin, file), 5);
  expect(await lastActivity(o.repo, lane)).toEqual({ at: at(5).toISOString(), sign });
});

test.each([
  ["a changed file", "a.txt"],
  ["an untracked file in an untracked folder", "new/deep/n.txt"],
  ["a file with a blank and a line break in its name", "odd \nname"],
])("%s counts, by name and time", async (_what, path) => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  mkdirSync(join(lane, path, ".."), { recursive: true });
  writeFileSync(join(lane, path), "changed\n");
  touch(join(lane, path), 7);
  expect(await lastActivity(o.repo, lane)).toEqual({ at: at(7).toISOString(), sign: "file", path });
});

test("a name that is not UTF-8 is found and shown", async () => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  const path = Buffer.concat([Buffer.from(`${lane}/`), Buffer.from([0x66, 0xff])]);
  writeFileSync(path, "x\n");
  utimesSync(path, at(8), at(8));
  expect(await lastActivity(o.repo, lane)).toEqual({ at: at(8).toISOString(), sign: "file", path: "f\\xff" });
});

test("of a deleted file the folder tells when it went", async () => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  rmSync(join(lane, "d/b.txt"));
  touch(join(lane, "d"), 9);
  expect(await lastActivity(o.repo, lane)).toEqual({ at: at(9).toISOString(), sign: "file", path: "d/b.txt" });
});

test("ignored files, and files that stand as they were committed, are no sign of life", async () => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  writeFileSync(join(lane, "build.env"), "x\n");
  expect(await lastActivity(o.repo, lane)).toMatchObject({ at: OLD.toISOString() });
});

test("the newest of several signs wins", async () => {
  using o = await opened(FILES);
  const { lane, admin } = await quiet(o);
  touch(join(admin, "index"), 11);
  for (const [minute, path] of [
    [10, "a.txt"],
    [12, "n.txt"],
  ] as const) {
    writeFileSync(join(lane, path), "x\n");
    touch(join(lane, path), minute);
  }
  expect(await lastActivity(o.repo, lane)).toEqual({ at: at(12).toISOString(), sign: "file", path: "n.txt" });
});

test("a date in the future counts as the moment in which it was set", async () => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  writeFileSync(join(lane, "a.txt"), "x\n");
  utimesSync(join(lane, "a.txt"), new Date("2099-01-01"), new Date("2099-01-01"));
  const activity = await lastActivity(o.repo, lane);
  expect(activity).toMatchObject({ sign: "file", path: "a.txt" });
  expect(Date.parse(activity.at!)).toBeLessThanOrEqual(Date.now());
});

test("a worktree that is gone, or never was, has none; one that was tampered with has only git's own signs", async () => {
  using o = await opened(FILES);
  const { lane } = await quiet(o);
  expect(await lastActivity(o.repo, o.lanePath("none"))).toEqual({ at: undefined, sign: undefined });
  writeFileSync(join(lane, "a.txt"), "x\n");
  touch(join(lane, "a.txt"), 20);
  writeFileSync(join(lane, ".git"), "gitdir: /nowhere\n");
  expect(await lastActivity(o.repo, lane)).toMatchObject({ at: OLD.toISOString() });
  rmSync(lane, { recursive: true });
  expect(await lastActivity(o.repo, lane)).toEqual({ at: undefined, sign: undefined });
});

test("the main checkout is a worktree too, and looking writes nothing", async () => {
  using o = await opened(FILES);
  const index = join(o.git.path, ".git/index");
  o.git.write({ "n.txt": "n\n" });
  utimesSync(join(o.git.path, "a.txt"), OLD, OLD); // git would like to refresh its index
  const before = statSync(index, { bigint: true }).mtimeNs;
  const repo = await reopen(o.git.path);
  expect(await lastActivity(repo, o.git.path)).toMatchObject({ sign: expect.stringMatching(/file|head|index/) });
  expect(statSync(index, { bigint: true }).mtimeNs).toBe(before);
});
