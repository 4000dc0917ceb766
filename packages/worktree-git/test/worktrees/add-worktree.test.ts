import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readIdentity } from "@orchard/host";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { addWorktree, branchRef, commitEverything, inspectWorktree, readWorktrees } from "../../src/index.ts";
import { abandonAdd, recordAdd } from "../../src/worktrees/registration.ts";
import { commitOn, opened, reopen } from "../helpers/opened.ts";

const LANE = branchRef("lane-x");

test("a ready worktree has every file, a clean index, its branch, and a lock with our reason", async () => {
  using o = await opened({ "a b/c.txt": "c\n", "run.sh": "#!/bin/sh\n" });
  const path = o.lanePath("x");
  const request = { path, branch: LANE, start: o.base, reason: 'lane "x"' };
  expect(await addWorktree(o.repo, request)).toEqual({ path, head: o.base, made: true });
  expect(o.git.git(["status", "--porcelain", "--ignored"], { cwd: path })).toBe("");
  expect(o.git.git(["symbolic-ref", "HEAD"], { cwd: path })).toBe("refs/heads/lane-x");
  const snapshot = await readWorktrees(o.repo);
  expect(snapshot.byPath(path)).toMatchObject({ branch: LANE, head: o.base, locked: 'lane "x"', main: false });
  expect(snapshot.byBranch(LANE)?.path).toBe(path);
  expect(snapshot.byBranch(o.main)).toMatchObject({ path: o.git.path, main: true });
  expect(o.git.git(["config", "--list", "--local"])).not.toContain("branch.");
});

test("asked again it is returned as it is, also after work was done in it", async () => {
  using o = await opened();
  const path = await o.addLane("x");
  o.git.write({ "new.txt": "n\n" }, path);
  const work = await commitEverything(o.repo, path, { message: "work" });
  o.git.write({ "more.txt": "m\n" }, path);
  writeFileSync(join(o.git.path, ".git/worktrees/agent-x/index.lock"), ""); // somebody's git is at work
  const again = await addWorktree(o.repo, { path, branch: LANE, start: o.base, reason: "lane x" });
  expect(again).toEqual({ path, head: work, made: false });
  expect(existsSync(join(path, "more.txt"))).toBe(true);
});

test("an existing branch is used at the very commit, refused at another, in use, as a twin or as a folder", async () => {
  using o = await opened();
  const other = commitOn(o.git, "lane-x", o.base, { "b.txt": "b\n" });
  const at = (branch: string, start = o.base) =>
    addWorktree(o.repo, {
      path: o.lanePath(branch.replaceAll("/", "-").toLowerCase()),
      branch: branchRef(branch),
      start,
      reason: "r",
    });
  await expect(at("lane-x")).rejects.toMatchObject({ code: "BRANCH_EXISTS", details: { commit: other } });
  await expect(at("Lane-X")).rejects.toMatchObject({ code: "BRANCH_EXISTS" });
  await expect(at("lane-x/sub")).rejects.toMatchObject({ code: "BRANCH_EXISTS" });
  await expect(at("main", o.base)).rejects.toMatchObject({ code: "BRANCH_IN_USE" });
  expect(await at("lane-x", other)).toMatchObject({ head: other, made: true });
});

test("a folder of somebody else's is never used", async () => {
  using o = await opened();
  const path = o.lanePath("x");
  mkdirSync(path);
  writeFileSync(join(path, "mine.txt"), "mine\n");
  const request = { path, branch: LANE, start: o.base, reason: "lane x" };
  await expect(addWorktree(o.repo, request)).rejects.toMatchObject({ code: "FOLDER_EXISTS" });
  expect(readdirSync(path)).toEqual(["mine.txt"]);
  o.git.git(["worktree", "add", "-q", "-b", "users", o.lanePath("user")]);
  const users = { path: o.lanePath("user"), branch: branchRef("users"), start: o.base, reason: "lane user" };
  await expect(addWorktree(o.repo, users)).rejects.toMatchObject({ code: "FOLDER_EXISTS" });
});

test("paths through links are registered as they really are; line breaks are refused", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  symlinkSync(join(o.git.path, ".worktrees"), join(folder.path, "link"));
  const request = { branch: LANE, start: o.base, reason: "lane x" };
  const made = await addWorktree(o.repo, { ...request, path: join(folder.path, "link/agent-x") });
  expect(made.path).toBe(o.lanePath("x"));
  const broken = addWorktree(o.repo, { ...request, path: join(folder.path, "a\nb") });
  await expect(broken).rejects.toMatchObject({ code: "UNUSABLE_PATH" });
});

test("what a crash left half made goes to the trash and is made anew", async () => {
  using o = await opened({ "a.txt": "a\n" });
  const path = o.lanePath("x");
  const intent = await recordAdd(o.repo, { path, reason: "lane x" });
  o.git.git(["worktree", "add", "-q", "--no-checkout", "--lock", "--reason", "lane x", "-b", "lane-x", path]);
  writeFileSync(join(path, "half.txt"), "half\n");
  abandonAdd(intent);
  expect(await addWorktree(o.repo, { path, branch: LANE, start: o.base, reason: "lane x" })).toMatchObject({
    made: true,
  });
  expect(readdirSync(path).sort()).toEqual([".git", "a.txt"]);
  const [trash] = readdirSync(join(o.repo.stateDir, "trash"));
  expect(existsSync(join(o.repo.stateDir, "trash", trash!, "tree/half.txt"))).toBe(true);
});

test("an admin folder without its files breaks git's own list and not ours", async () => {
  using o = await opened();
  const path = o.lanePath("x");
  const intent = await recordAdd(o.repo, { path, reason: "lane x" });
  const admin = join(o.git.path, ".git/worktrees/agent-x");
  mkdirSync(admin, { recursive: true });
  for (const [name, text] of [
    ["locked", "lane x"],
    ["gitdir", `${path}/.git\n`],
    ["commondir", ""],
    ["HEAD", ""],
  ]) {
    writeFileSync(join(admin, name!), text!);
  }
  abandonAdd(intent);
  expect(() => o.git.git(["worktree", "list"])).toThrow(); // the control: this is what everybody else sees
  expect((await readWorktrees(o.repo)).worktrees).toHaveLength(1);
  expect(o.git.git(["worktree", "list"])).not.toContain("agent-x");
});

test("a worktree that needs a filter nobody accepted is refused, and made when it is accepted", async () => {
  using o = await opened({ ".gitattributes": "*.big filter=shout\n", "x.big": "quiet\n" });
  o.git.git(["config", "filter.shout.smudge", "tr a-z A-Z"]);
  o.git.git(["config", "filter.shout.clean", "tr A-Z a-z"]);
  const path = o.lanePath("x");
  const request = { path, branch: LANE, start: o.base, reason: "lane x" };
  const refused = expect.objectContaining({
    code: "SETTINGS_NOT_ACCEPTED",
    details: { keys: ["filter.shout.clean", "filter.shout.smudge"] },
  });
  await expect(addWorktree(o.repo, request)).rejects.toEqual(refused);
  expect(existsSync(path)).toBe(false);
  const { readExecutableSettings } = await import("../../src/index.ts");
  const accepted = await readExecutableSettings(o.repo);
  const repo = await reopen(o.git.path, { accepted });
  await addWorktree(repo, request);
  expect(o.git.git(["cat-file", "-p", "HEAD:x.big"], { cwd: path })).toBe("quiet");
  const { readFileSync } = await import("node:fs");
  expect(readFileSync(join(path, "x.big"), "utf8")).toBe("QUIET\n");
  expect((await inspectWorktree(repo, path)).unstaged.count).toBe(0);
});

test.each([
  ["is put aside with what else it left", "left"],
  ["stays when it is older than that: it is somebody else's", "older"],
] as const)("the lock of a branch that a killed git was just making %s", async (_what, lock) => {
  using o = await opened();
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  const owner = readIdentity(child.pid!);
  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("close", resolve));
  const path = o.lanePath("x");
  const intent = { token: "0".repeat(32), path, reason: "lane x", branch: branchRef("lane-x"), owner };
  mkdirSync(join(o.repo.stateDir, "adding"));
  const file = join(o.repo.stateDir, "adding", `${intent.token}.json`);
  const held = join(o.git.path, ".git/refs/heads/lane-x.lock");
  for (const [name, text] of [
    [file, JSON.stringify(intent)],
    [held, ""],
  ] as const)
    writeFileSync(name, text);
  if (lock === "older") utimesSync(held, 1, 1);
  const adding = addWorktree(o.repo, { path, branch: branchRef("lane-x"), start: o.base, reason: "lane x" });
  if (lock === "left") expect(await adding).toMatchObject({ head: o.base, made: true });
  else await expect(adding).rejects.toMatchObject({ code: "GIT_FAILED" });
  expect(existsSync(held)).toBe(lock === "older");
});
