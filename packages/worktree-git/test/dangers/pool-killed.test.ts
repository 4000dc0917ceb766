import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
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
  removeWorktree,
  restoreRescue,
  verifyRemovable,
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

/** Runs a program to its end, and says which calls that changed the world it made. */
async function callsOf(name: string, args: readonly string[]): Promise<readonly string[]> {
  using folder = temporaryFolder();
  const trace = join(folder.path, "calls");
  const whole = startProgram(name, args, dying(0, trace));
  expect(await whole.ended, whole.stderr()).toEqual({ code: 0, signal: null });
  return readFileSync(trace, "utf8").trim().split("\n");
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
  // Somebody makes the next worktree before anybody looks for what was cut off: it must not be touched afterwards.
  const next = { path: o.lanePath("y"), branch: branchRef("lane-y"), start: o.base, reason: "lane y", pool: true };
  const bringBack = async () => {
    await addWorktree(o.repo, next);
    await recoverRemovals(o.repo);
    const run = (...args: string[]) => o.git.git(args, { cwd: next.path });
    expect([run("status", "--porcelain", "--ignored"), run("symbolic-ref", "HEAD")]).toEqual(["", "refs/heads/lane-y"]);
    expect(o.git.git(["worktree", "list"])).toContain(next.path);
    o.git.git(["worktree", "unlock", next.path]);
    o.git.git(["worktree", "remove", next.path]);
    const last = (await listRescues(o.repo)).findLast(({ restorable }) => restorable);
    if (!existsSync(lane)) await restoreRescue(o.repo, last!);
    await expectSame(o, lane, before);
    // What went to the pool is taken away, so that the next round has room.
    for (const { path } of await pooledWorktrees(o.repo, lane)) {
      o.git.git(["worktree", "unlock", path]);
      o.git.git(["worktree", "remove", "--force", path]);
    }
  };
  await callsOf("retire-worktree", [o.git.path, lane]); // makes folders that all later ones find
  expect(await pooledWorktrees(o.repo, lane)).toHaveLength(1);
  await bringBack();
  const calls = await callsOf("retire-worktree", [o.git.path, lane]);
  await bringBack();
  expect(calls.length).toBeGreaterThan(20);
  const last = calls.findLastIndex((call) => call.endsWith("/removing")) + 1;
  const cuts = calls.map((_, at) => at + 1).filter((at) => at % rounds(17, 1) === 0 || at === last);
  for (const at of cuts) {
    await startProgram("retire-worktree", [o.git.path, lane], dying(at)).ended;
    await bringBack();
  }
}, 600_000);

test("a retirement that was cut off before the tree moved is taken back: nothing done there since is lost", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  const ignored = { ".env": "OLD=1\n", "build/out": "old\n" };
  await dieAt(o, ignored, (call) => call.startsWith("promises.rename") && call.endsWith("/.worktrees/agent-x"));
  expect([existsSync(join(lane, ".env")), existsSync(join(lane, "a.txt"))]).toEqual([false, true]);
  o.git.write({ ".env": "NEW=1\n", "build/newer": "n\n" }, lane);
  const commit = o.git.commit("since then", { "since.txt": "s\n" }, lane);
  o.git.write({ "a.txt": "edited\n" }, lane);
  expect(await recoverRemovals(o.repo)).toEqual([]);
  expect(o.git.git(["log", "-1", "--format=%H %D"], { cwd: lane })).toBe(`${commit} HEAD -> lane-x`);
  expect(["a.txt", ".env", "build/newer", "build/out"].map((path) => readFileSync(join(lane, path), "utf8"))).toEqual([
    "edited\n",
    "NEW=1\n",
    "n\n",
    "old\n",
  ]);
  const trash = join(o.repo.stateDir, "trash");
  const aside = readdirSync(trash).filter((name) => name.startsWith(".retired-"));
  expect(aside.map((name) => readFileSync(join(trash, name, "tree/.env"), "utf8"))).toEqual(["OLD=1\n"]);
  expect(o.git.git(["reflog"], { cwd: lane })).toContain("since then");
});

test("a retirement that cannot be finished keeps no other worktree from being removed and restored", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  await dieAt(o, {}, (call) => call.includes("--no-deref --end-of-options HEAD"));
  const lock = join(o.git.path, ".git/worktrees/agent-x/HEAD.lock");
  writeFileSync(lock, "");
  const other = await o.addLane("y");
  const verdict = await verifyRemovable(o.repo, { path: other, recordedRoot: join(o.git.path, ".worktrees") });
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
  await removeWorktree(o.repo, verdict.worktree, { name: "y" });
  expect((await recoverRemovals(o.repo)).map(({ name }) => name)).toEqual(["y"]);
  await restoreRescue(o.repo, { name: "y", number: 1 });
  await expect(restoreRescue(o.repo, { name: "x", number: 1 })).rejects.toMatchObject({ code: "GIT_FAILED" });
  unlinkSync(lock);
  await restoreRescue(o.repo, { name: "x", number: 1 });
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe("");
});

/** Retires lane x, with these files in it, in a process that dies just before the call that `is` knows. */
async function dieAt(o: Opened, files: Readonly<Record<string, string>>, is: (call: string) => boolean): Promise<void> {
  using twin = await opened(CLEAN_FILES);
  twin.git.write(files, await twin.addLane("x"));
  const calls = await callsOf("retire-worktree", [twin.git.path, twin.lanePath("x")]);
  const at = calls.findIndex((call) => is(call.slice(call.indexOf(" ") + 1))) + 1;
  expect(at, calls.join("\n")).toBeGreaterThan(0);
  o.git.write(files, o.lanePath("x"));
  await startProgram("retire-worktree", [o.git.path, o.lanePath("x")], dying(at)).ended;
}

/** A git that writes a part of what it is to write, then kills its caller. */
const HALF_GIT = `#!/bin/sh
PATH=\${PATH#*:}
for word in "$@"; do
  if [ "$word" = checkout-index ]; then
    git checkout-index --quiet a.txt
    mkdir -p "dir with space"
    printf half > "dir with space/b.txt"
    kill -9 $PPID
    exit 1
  fi
done
exec git "$@"
`;

test("a restore that was killed while its files were written is finished by the next one", async () => {
  using o = await opened({ ...CLEAN_FILES, "dir with space/b.txt": "half of it, and the rest\n" });
  const lane = await o.addLane("x");
  o.git.write({ ".env": "SECRET=1\n" }, lane);
  const before = await pictureOf(o, lane);
  const retired = startProgram("retire-worktree", [o.git.path, lane]);
  expect(await retired.ended, retired.stderr()).toEqual({ code: 0, signal: null });
  using bin = temporaryFolder("half a git");
  writeFileSync(join(bin.path, "git"), HALF_GIT, { mode: 0o755 });
  const killed = startProgram("restore-rescue", [o.git.path, "x", "1"], { PATH: `${bin.path}:${process.env["PATH"]}` });
  expect(await killed.ended).toMatchObject({ signal: "SIGKILL" });
  expect(readFileSync(join(lane, "dir with space/b.txt"), "utf8")).toBe("half");
  await restoreRescue(o.repo, { name: "x", number: 1 });
  await expectSame(o, lane, before);
  expect(await listRescues(o.repo)).toMatchObject([{ trash: undefined }]);
});

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
    if (at === 0) calls = (await callsOf("take-from-pool", args)).length;
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
