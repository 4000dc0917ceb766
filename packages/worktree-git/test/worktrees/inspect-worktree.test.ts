import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { branchRef, commitEverything, inspectWorktree } from "../../src/index.ts";
import { parseStatus } from "../../src/worktrees/parse-status.ts";
import { opened } from "../helpers/opened.ts";

test("tells staged, changed, untracked and conflicted apart, ignored files not", async () => {
  using o = await opened({ "a.txt": "a\n", "b.txt": "b\n", ".gitignore": "*.env\n" });
  const lane = await o.addLane("x");
  o.git.write({ "a.txt": "staged\n" }, lane);
  o.git.git(["add", "a.txt"], { cwd: lane });
  o.git.write({ "b.txt": "changed\n", "new dir/n.txt": "n\n", "s.env": "secret\n", 'odd "name".txt': "o\n" }, lane);
  const state = await inspectWorktree(o.repo, lane);
  expect(state).toMatchObject({
    branch: branchRef("lane-x"),
    head: o.base,
    operation: undefined,
    indexLock: false,
    intact: true,
  });
  expect(state.staged).toEqual({ paths: ["a.txt"], count: 1 });
  expect(state.unstaged).toEqual({ paths: ["b.txt"], count: 1 });
  expect(state.untracked).toEqual({ paths: ["new dir/", 'odd "name".txt'], count: 2 });
});

test("untracked files that are not ignored are told, whatever the settings say about showing them", async () => {
  using o = await opened({ "a.txt": "a\n", ".gitignore": "*.env\n" });
  const lane = await o.addLane("x");
  o.git.git(["config", "status.showUntrackedFiles", "no"]);
  await o.repo.excludeLocally(["/excluded"]);
  o.git.write({ "s.env": "secret\n", excluded: "x\n" }, lane);
  expect((await inspectWorktree(o.repo, lane)).untracked).toEqual({ paths: [], count: 0 });
  o.git.write({ "left over.txt": "n\n" }, lane);
  expect((await inspectWorktree(o.repo, lane)).untracked).toEqual({ paths: ["left over.txt"], count: 1 });
});

test.each([
  ["merge", ["merge", "main"]],
  ["rebase", ["rebase", "main"]],
  ["cherry-pick", ["cherry-pick", "main"]],
  ["revert", ["revert", "--no-edit", "HEAD~1"]],
] as const)("sees a %s in progress", async (operation, command) => {
  using o = await opened({ "a.txt": "a\n" });
  const lane = await o.addLane("x");
  o.git.commit("theirs", { "a.txt": "theirs\n" });
  o.git.commit("one", { "a.txt": "one\n" }, lane);
  o.git.commit("two", { "a.txt": "two\n" }, lane);
  expect(() => o.git.git(command, { cwd: lane })).toThrow();
  expect(await inspectWorktree(o.repo, lane)).toMatchObject({ operation, conflicted: { paths: ["a.txt"], count: 1 } });
  const commit = commitEverything(o.repo, lane, { message: "x" });
  await expect(commit).rejects.toMatchObject({ code: "OPERATION_IN_PROGRESS" });
});

test("sees a lock, without touching it", async () => {
  using o = await opened();
  const lane = await o.addLane("x");
  writeFileSync(join(o.git.path, ".git/worktrees/agent-x/index.lock"), "");
  expect(await inspectWorktree(o.repo, lane)).toMatchObject({ indexLock: true, intact: true });
});

test.each(["its .git file", "its commondir"])("a worktree whose lane rewrote %s is not entered", async (what) => {
  using o = await opened();
  const lane = await o.addLane("x");
  using evil = await opened();
  if (what === "its .git file") writeFileSync(join(lane, ".git"), `gitdir: ${evil.git.path}/.git\n`);
  else writeFileSync(join(o.git.path, ".git/worktrees/agent-x/commondir"), `${evil.git.path}/.git\n`);
  expect((await inspectWorktree(o.repo, lane)).intact).toBe(false);
  await expect(commitEverything(o.repo, lane, { message: "x" })).rejects.toMatchObject({ code: "WORKTREE_TAMPERED" });
});

test("looking takes no lock and writes no index", async () => {
  using o = await opened({ "a.txt": "a\n" });
  const lane = await o.addLane("x");
  const index = join(o.git.path, ".git/worktrees/agent-x/index");
  const { utimesSync, statSync } = await import("node:fs");
  utimesSync(join(lane, "a.txt"), 1, 1); // git would like to refresh its index
  const before = statSync(index, { bigint: true }).mtimeNs;
  await inspectWorktree(o.repo, lane);
  expect(statSync(index, { bigint: true }).mtimeNs).toBe(before);
});

test("everything that is not ignored is committed, nested repositories are left alone, hooks do not run", async () => {
  using o = await opened({ "a.txt": "a\n", "gone.txt": "g\n", ".gitignore": "*.env\n" });
  const lane = await o.addLane("x");
  writeFileSync(join(o.git.path, ".git/hooks/pre-commit"), "#!/bin/sh\nexit 1\n", { mode: 0o755 });
  rmSync(join(lane, "gone.txt"));
  o.git.write({ "a.txt": "A\n", "new/n.txt": "n\n", "s.env": "secret\n" }, lane);
  appendFileSync(Buffer.concat([Buffer.from(`${lane}/`), Buffer.from([0x66, 0xfe])]), "odd\n");
  mkdirSync(join(lane, "nested"));
  o.git.git(["init", "-q"], { cwd: join(lane, "nested") });
  o.git.commit("inner", { "i.txt": "i\n" }, join(lane, "nested"));
  const commit = await commitEverything(o.repo, lane, { message: "all of it" });
  expect(o.git.git(["ls-tree", "-r", "--name-only", commit!])).toBe('.gitignore\na.txt\n"f\\376"\nnew/n.txt');
  expect(o.git.git(["rev-parse", "lane-x"])).toBe(commit);
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe("?? nested/");
  expect(await commitEverything(o.repo, lane, { message: "again" })).toBeUndefined();
});

test("files that became folders, folders that became files or links, are committed as they stand", async () => {
  using o = await opened({ "a.txt": "a\n", "b.txt": "b\n", "d/x.txt": "x\n", "e/y.txt": "y\n", "f/z.txt": "z\n" });
  const lane = await o.addLane("x");
  for (const path of ["a.txt", "b.txt", "d", "e"]) rmSync(join(lane, path), { recursive: true });
  o.git.write({ "a.txt/inside": "now\n", d: "now\n" }, lane);
  mkdirSync(join(lane, "b.txt"));
  o.git.write({ "f/y.txt": "another\n" }, lane);
  symlinkSync("f", join(lane, "e")); // y.txt is found through the link, and is not e/y.txt
  const commit = await commitEverything(o.repo, lane, { message: "turned round" });
  const listed = o.git.git(["ls-tree", "-r", "--format=%(objectmode) %(path)", commit!]).split("\n");
  expect(listed).toEqual(["100644 a.txt/inside", "100644 d", "120000 e", "100644 f/y.txt", "100644 f/z.txt"]);
  expect(o.git.git(["status", "--porcelain"], { cwd: lane })).toBe("");
});

test("a lock that a killed agent's git left is put aside when nobody works there any more", async () => {
  using o = await opened();
  const lane = await o.addLane("x");
  writeFileSync(join(o.git.path, ".git/worktrees/agent-x/index.lock"), "");
  o.git.write({ "n.txt": "n\n" }, lane);
  expect(await commitEverything(o.repo, lane, { message: "work" })).toBeDefined();
});

test("status lines of every sort are read", () => {
  const lines = [
    "# branch.oid (initial)",
    "# branch.head main",
    "1 .M S.C. 160000 160000 160000 a b sub",
    "1 A. N... 0 1 1 a b with space",
    "u UU N... 1 1 1 1 a b c d e",
    "? new",
    "",
  ];
  expect(parseStatus(Buffer.from(lines.join("\0")))).toEqual({
    head: undefined,
    branch: "refs/heads/main",
    staged: ["with space"],
    unstaged: ["sub"],
    conflicted: ["d e"],
    untracked: ["new"],
    submodules: ["sub"],
    names: ["with space", "d e", "new"].map((name) => Buffer.from(name)),
  });
});
