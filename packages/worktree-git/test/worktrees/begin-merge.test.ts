import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { beginMerge, branchRef } from "../../src/index.ts";
import { commitOn, opened } from "../helpers/opened.ts";

const FILES = { "a.txt": "a\n", "gone.txt": "g\n", "clean.txt": "c\n" };

async function begun() {
  const o = await opened(FILES);
  const ours = commitOn(o.git, "ours", o.base, { "a.txt": "ours\n", "gone.txt": null });
  const theirs = commitOn(o.git, "theirs", o.base, {
    "a.txt": "theirs\n",
    "gone.txt": "changed\n",
    "clean.txt": "C\n",
    "n.txt": "n\n",
  });
  const path = o.lanePath("hand");
  const request = { path, branch: branchRef("resolve-x"), ours, theirs, message: "Land lane-x" };
  await beginMerge(o.repo, request);
  return { o, path, ours, theirs, request };
}

test("the worktree is where git merge would have stopped", async () => {
  const { o, path, ours, theirs } = await begun();
  using _ = o;
  const plain = o.lanePath("plain");
  o.git.git(["worktree", "add", "-q", "-b", "plain", plain, ours]);
  expect(() => o.git.git(["merge", "-m", "Land lane-x", theirs], { cwd: plain })).toThrow();
  for (const command of [
    ["ls-files", "--stage"],
    ["status", "--porcelain"],
    ["rev-parse", "MERGE_HEAD"],
    ["diff", "--name-only"],
  ]) {
    expect(o.git.git(command, { cwd: path })).toBe(o.git.git(command, { cwd: plain }));
  }
  for (const file of ["gone.txt", "clean.txt", "n.txt"]) {
    expect(readFileSync(join(path, file), "utf8")).toBe(readFileSync(join(plain, file), "utf8"));
  }
  expect(readFileSync(join(path, "a.txt"), "utf8")).toMatch(
    /^<<<<<<< [0-9a-f]+\nours\n=======\ntheirs\n>>>>>>> [0-9a-f]+\n$/,
  );
  expect(o.git.git(["status"], { cwd: path })).toContain("You have unmerged paths");
});

test("git merge --continue ends it with both parents and our message", async () => {
  const { o, path, ours, theirs } = await begun();
  using _ = o;
  writeFileSync(join(path, "a.txt"), "both\n");
  o.git.git(["add", "a.txt", "gone.txt"], { cwd: path });
  o.git.git(["-c", "core.editor=true", "merge", "--continue"], { cwd: path });
  expect(o.git.git(["log", "-1", "--format=%P|%s", "resolve-x"])).toBe(`${ours} ${theirs}|Land lane-x`);
});

test("git merge --abort gives ours back, and beginning again changes nothing that was resolved", async () => {
  const { o, path, ours, request } = await begun();
  using _ = o;
  writeFileSync(join(path, "a.txt"), "half resolved\n");
  await beginMerge(o.repo, request);
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("half resolved\n");
  o.git.git(["merge", "--abort"], { cwd: path });
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("");
  expect(o.git.git(["rev-parse", "HEAD"], { cwd: path })).toBe(ours);
});

test("a merge without a conflict stands there staged, to be committed", async () => {
  using o = await opened(FILES);
  const theirs = commitOn(o.git, "theirs", o.base, { "n.txt": "n\n" });
  const ours = commitOn(o.git, "ours", o.base, { "a.txt": "A\n" });
  const path = o.lanePath("hand");
  await beginMerge(o.repo, { path, branch: branchRef("resolve-x"), ours, theirs, message: "Land" });
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("A  n.txt");
  o.git.git(["commit", "-q", "--no-edit"], { cwd: path });
  expect(o.git.git(["log", "-1", "--format=%P"], { cwd: path })).toBe(`${ours} ${theirs}`);
});

test("a file against a folder stands there under both names", async () => {
  using o = await opened(FILES);
  const ours = commitOn(o.git, "ours", o.base, { thing: "file\n" });
  const theirs = commitOn(o.git, "theirs", o.base, { "thing/inside.txt": "folder\n" });
  const path = o.lanePath("hand");
  await beginMerge(o.repo, { path, branch: branchRef("resolve-x"), ours, theirs, message: "Land" });
  expect(readFileSync(join(path, "thing/inside.txt"), "utf8")).toBe("folder\n");
  expect(o.git.git(["status"], { cwd: path })).toContain("Unmerged paths");
});
