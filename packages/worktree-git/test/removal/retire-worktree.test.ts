import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  addWorktree,
  branchRef,
  pooledWorktrees,
  removeWorktree,
  restoreRescue,
  verifyRemovable,
} from "../../src/index.ts";
import { differences, folderManifest } from "../../src/removal/folder-manifest.ts";
import { CLEAN_FILES, DIRT } from "../helpers/dirt.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

async function retire(o: Opened, name: string, atMost = 2) {
  const verdict = await verifyRemovable(o.repo, {
    path: o.lanePath(name),
    recordedRoot: join(o.git.path, ".worktrees"),
  });
  if (verdict.kind === "refused") throw new Error(JSON.stringify(verdict.reasons));
  return removeWorktree(o.repo, verdict.worktree, { name, retire: { atMost } });
}

const pool = async (o: Opened) =>
  (await pooledWorktrees(o.repo, o.lanePath("x"))).map(({ path }) => path.split("/").at(-1));
const request = (o: Opened, name: string, start = o.base) => ({
  path: o.lanePath(name),
  branch: branchRef(`lane-${name}`),
  start,
  reason: `lane ${name}`,
  pool: true,
});

test("a clean worktree goes to the pool without anything that was somebody's, and the next one is made of it", async () => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  o.git.write({ ".env": "SECRET=1\n", "build/out": "o\n" }, lane);
  mkdirSync(join(o.git.path, ".git/worktrees/agent-x/orch"));
  writeFileSync(join(o.git.path, ".git/worktrees/agent-x/orch/token"), "of x");
  await retire(o, "x");
  expect([existsSync(lane), await pool(o)]).toEqual([false, ["pool-1"]]);
  const start = commitOn(o.git, "newer", o.base, { "a.txt": "newer\n", "new.txt": "n\n", "run.sh": null });
  expect(await addWorktree(o.repo, request(o, "y", start))).toEqual({ path: o.lanePath("y"), head: start, made: true });
  expect(await pool(o)).toEqual([]);
  const run = (...args: string[]) => o.git.git(args, { cwd: o.lanePath("y") });
  expect([run("status", "--porcelain", "--ignored"), run("rev-parse", "HEAD"), run("symbolic-ref", "HEAD")]).toEqual([
    "",
    start,
    "refs/heads/lane-y",
  ]);
  expect(run("reflog")).not.toContain("lane-x");
  expect(existsSync(join(run("rev-parse", "--git-dir"), "orch/token"))).toBe(false);
  await restoreRescue(o.repo, { name: "x", number: 1 });
  expect(o.git.git(["status", "--porcelain", "--ignored"], { cwd: lane })).toBe("!! .env\n!! build/");
  expect(existsSync(join(o.git.git(["rev-parse", "--git-dir"], { cwd: lane }), "orch/token"))).toBe(true);
});

test.each(Object.keys(DIRT).filter((dirt) => dirt !== "ignored files" && dirt !== "commits on a detached HEAD"))(
  "a worktree with %s goes to the trash as a whole",
  async (dirt) => {
    using o = await opened(CLEAN_FILES);
    const lane = await o.addLane("x");
    DIRT[dirt]!(o, lane);
    const status = o.git.git(["status", "--porcelain=v2", "--ignored"], { cwd: lane });
    await retire(o, "x");
    expect(await pool(o)).toEqual([]);
    await restoreRescue(o.repo, { name: "x", number: 1 });
    expect(o.git.git(["status", "--porcelain=v2", "--ignored"], { cwd: lane })).toBe(status);
  },
);

test.each<readonly [string, (o: Opened, lane: string) => void]>([
  [
    "an edit in a file that is taken for unchanged",
    (o, lane) => {
      o.git.git(["update-index", "--assume-unchanged", "a.txt"], { cwd: lane });
      o.git.write({ "a.txt": "unseen\n" }, lane);
    },
  ],
  [
    "an edit in a file that is skipped",
    (o, lane) => {
      o.git.git(["update-index", "--skip-worktree", "a.txt"], { cwd: lane });
      o.git.write({ "a.txt": "unseen\n" }, lane);
    },
  ],
  [
    "a repository that is tracked as one",
    (o, lane) => {
      const inner = join(lane, "inner");
      mkdirSync(inner);
      o.git.git(["init", "-q"], { cwd: inner });
      o.git.commit("inner", { "i.txt": "i\n" }, inner);
      o.git.git(["add", "inner"], { cwd: lane });
      o.git.git(["commit", "-qm", "track it"], { cwd: lane });
    },
  ],
  [
    "a pipe among its reflogs",
    (o) => {
      execFileSync("mkfifo", [join(o.git.path, ".git/worktrees/agent-x/logs/pipe")]);
    },
  ],
  ["a lock that a killed git left", (o) => writeFileSync(join(o.git.path, ".git/worktrees/agent-x/HEAD.lock"), "")],
])("a worktree that git calls clean, with %s, goes to the trash as a whole", async (_what, prepare) => {
  using o = await opened(CLEAN_FILES);
  const lane = await o.addLane("x");
  o.git.write({ ".env": "SECRET=1\n", "build/out": "o\n" }, lane);
  prepare(o, lane);
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe("");
  const before = await folderManifest(lane);
  await retire(o, "x");
  expect(await pool(o)).toEqual([]);
  await restoreRescue(o.repo, { name: "x", number: 1 });
  expect(differences(before, await folderManifest(lane))).toEqual([]);
});

test("the pool holds no more than it may", async () => {
  using o = await opened(CLEAN_FILES);
  for (const name of ["x", "y", "z"]) await o.addLane(name);
  for (const name of ["x", "y", "z"]) await retire(o, name);
  expect(await pool(o)).toEqual(["pool-1", "pool-2"]);
});

test("files that somebody changed in the pool become nobody's: the worktree is made anew, they are in the trash", async () => {
  for (const change of [{ "a.txt": "mine\n" }, { "dir with space/b.txt": "mine\n" }, { "untracked.txt": "u\n" }]) {
    using o = await opened(CLEAN_FILES);
    await o.addLane("x");
    await retire(o, "x");
    o.git.write(change, join(o.git.path, ".worktrees/pool-1"));
    const start = commitOn(o.git, "newer", o.base, { "a.txt": "newer\n" });
    await addWorktree(o.repo, request(o, "y", start));
    expect(o.git.git(["status", "--porcelain"], { cwd: o.lanePath("y") })).toBe("");
    expect(o.git.git(["rev-parse", "HEAD"], { cwd: o.lanePath("y") })).toBe(start);
    expect([await pool(o), existsSync(join(o.git.path, ".worktrees/pool-1"))]).toEqual([[], false]);
  }
});
