import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { DIE_AT_CALL, temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import {
  addWorktree,
  branchRef,
  listRescues,
  pooledWorktrees,
  recoverRemovals,
  restoreRescue,
} from "../../src/index.ts";
import { differences, folderManifest } from "../../src/removal/folder-manifest.ts";
import { CLEAN_FILES } from "../helpers/dirt.ts";
import { rounds, startProgram } from "../helpers/kill.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

const dying = (at: number, calls?: string) => ({
  NODE_OPTIONS: `--conditions=@orchard/source --import ${pathToFileURL(DIE_AT_CALL)}`,
  ...(at === 0 ? {} : { ORCHARD_DIE_AT: String(at) }),
  ...(calls === undefined ? {} : { ORCHARD_CALLS: calls }),
});

/** Runs a program to its end, and says how many calls that changed the world it made. */
async function callsOf(name: string, args: readonly string[]): Promise<number> {
  using folder = temporaryFolder();
  const trace = join(folder.path, "calls");
  const whole = startProgram(name, args, dying(0, trace));
  expect(await whole.ended, whole.stderr()).toEqual({ code: 0, signal: null });
  return readFileSync(trace, "utf8").trim().split("\n").length;
}

/** Files of a lane that has landed, ignored ones too; the index may be written anew. */
async function pictureOf(o: Opened, lane: string) {
  const files = new Map(
    [...(await folderManifest(lane))].map(([path, entry]) => [path, { ...entry, changedAt: 0 }] as const),
  );
  files.delete(".git"); // the pool may have its admin folder's name
  const run = (...args: string[]) => o.git.git(args, { cwd: lane });
  return { files, status: run("status", "--porcelain=v2", "--branch", "--ignored"), reflog: run("reflog") };
}

async function expectSame(o: Opened, lane: string, before: Awaited<ReturnType<typeof pictureOf>>): Promise<void> {
  const { files, ...rest } = await pictureOf(o, lane);
  expect(differences(before.files, files)).toEqual([]);
  expect(rest).toEqual({ status: before.status, reflog: before.reflog });
}

test("killed at any step, a retirement loses nothing: the worktree is there, or comes back whole", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  o.git.commit("work", { "work.txt": "w\n" }, lane);
  o.git.write({ ".env": "SECRET=1\n", "build/deep/out.bin": "\u0000\u0001", "dir with space/.env": "S=2\n" }, lane);
  const before = await pictureOf(o, lane);
  const bringBack = async () => {
    await recoverRemovals(o.repo);
    const last = (await listRescues(o.repo)).findLast(({ restorable }) => restorable);
    if (!existsSync(lane)) await restoreRescue(o.repo, last!);
    await expectSame(o, lane, before);
    // What went to the pool is taken away, so that the next round has room.
    for (const { path } of await pooledWorktrees(o.repo, lane)) {
      o.git.git(["worktree", "unlock", path]);
      o.git.git(["worktree", "remove", "--force", path]);
    }
  };
  const calls = await callsOf("retire-worktree", [o.git.path, lane]);
  expect(await pooledWorktrees(o.repo, lane)).toHaveLength(1);
  await bringBack();
  expect(calls).toBeGreaterThan(20);
  for (let at = 1; at <= calls; at += rounds(17, 1)) {
    await startProgram("retire-worktree", [o.git.path, lane], dying(at)).ended;
    await bringBack();
  }
}, 600_000);

test("killed at any step, taking from the pool leaves a worktree that is whole or made anew", async () => {
  using o = await opened(CLEAN_FILES);
  const start = commitOn(o.git, "newer", o.base, { "a.txt": "newer\n", "new.txt": "n\n", "run.sh": null });
  const wanted = { path: o.lanePath("y"), branch: branchRef("lane-y"), start, reason: "lane y", pool: true };
  const args = [o.git.path, wanted.path, start];
  let [calls, at] = [1, 0];
  for (; at <= calls; at += rounds(17, 1)) {
    const lane = await o.addLane("x");
    const retired = startProgram("retire-worktree", [o.git.path, lane]);
    expect(await retired.ended, retired.stderr()).toEqual({ code: 0, signal: null });
    o.git.git(["branch", "-D", "lane-x"]);
    if (at === 0) calls = await callsOf("take-from-pool", args);
    else await startProgram("take-from-pool", args, dying(at)).ended;
    expect(await addWorktree(o.repo, wanted)).toMatchObject({ head: start });
    const run = (...args: string[]) => o.git.git(args, { cwd: wanted.path });
    expect([run("status", "--porcelain", "--ignored"), run("symbolic-ref", "HEAD")]).toEqual(["", "refs/heads/lane-y"]);
    expect(run("rev-parse", "HEAD")).toBe(start);
    o.git.git(["worktree", "unlock", wanted.path]);
    o.git.git(["worktree", "remove", wanted.path]);
    o.git.git(["branch", "-D", "lane-y"]);
    for (const { path } of await pooledWorktrees(o.repo, lane)) {
      o.git.git(["worktree", "unlock", path]);
      o.git.git(["worktree", "remove", "--force", path]);
    }
    expect(o.git.git(["worktree", "list", "--porcelain"])).not.toContain("pool-");
  }
  expect(calls).toBeGreaterThan(5);
}, 600_000);

test("control: moving it with git and cleaning it loses the ignored files and what its branch was", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  o.git.commit("work", { "work.txt": "w\n" }, lane);
  o.git.write({ ".env": "SECRET=1\n" }, lane);
  const before = await pictureOf(o, lane);
  const pool = join(o.git.path, ".worktrees/pool-1");
  o.git.git(["worktree", "unlock", lane]);
  o.git.git(["worktree", "move", lane, pool]);
  o.git.git(["clean", "-qffdX"], { cwd: pool });
  o.git.git(["checkout", "-q", "--detach"], { cwd: pool });
  o.git.git(["worktree", "move", pool, lane]); // all that anybody can do now
  await expect(expectSame(o, lane, before)).rejects.toThrow();
});
