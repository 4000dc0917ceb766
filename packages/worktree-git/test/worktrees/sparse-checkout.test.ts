import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  addWorktree,
  branchRef,
  commitEverything,
  inspectWorktree,
  pooledWorktrees,
  removeWorktree,
  verifyRemovable,
} from "../../src/index.ts";
import { conePatterns } from "../../src/worktrees/sparse-checkout.ts";
import { opened } from "../helpers/opened.ts";

const FILES = {
  "root.txt": "r\n",
  "packages/a/src/a.txt": "a\n",
  "packages/b/src/b.txt": "b\n",
  "packages/shared.txt": "s\n",
  "docs/deep/d.txt": "d\n",
};

test("it holds its folders and the files above them, is clean, and what is written elsewhere is seen", async () => {
  using o = await opened(FILES);
  const path = o.lanePath("x");
  const request = {
    path,
    branch: branchRef("lane-x"),
    start: o.base,
    reason: "lane x",
    sparse: ["packages/a", "docs/"],
  };
  expect(await addWorktree(o.repo, request)).toMatchObject({ made: true, head: o.base });
  const there = Object.keys(FILES).filter((file) => existsSync(join(path, file)));
  expect(there).toEqual(["root.txt", "packages/a/src/a.txt", "packages/shared.txt", "docs/deep/d.txt"]);
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("");
  o.git.write({ "packages/b/src/b.txt": "written outside\n", "docs/new.txt": "n\n" }, path);
  const { unstaged, untracked } = await inspectWorktree(o.repo, path);
  expect([unstaged.paths, untracked.paths]).toEqual([["packages/b/src/b.txt"], ["docs/new.txt"]]);
  const head = await commitEverything(o.repo, path, { message: "work" });
  expect(o.git.git(["ls-tree", "-r", "--name-only", String(head)]).split("\n")).toEqual(
    [...Object.keys(FILES), "docs/new.txt"].sort(),
  );
  expect(o.git.git(["status", "--porcelain"])).toBe(""); // the main checkout holds everything as before
});

test("a worktree of the pool becomes one with the same folders only", async () => {
  using o = await opened(FILES);
  const request = (name: string, sparse?: readonly string[]) => ({
    path: o.lanePath(name),
    branch: branchRef(`lane-${name}`),
    start: o.base,
    reason: `lane ${name}`,
    pool: true,
    ...(sparse === undefined ? {} : { sparse }),
  });
  await addWorktree(o.repo, request("x", ["docs"]));
  const verdict = await verifyRemovable(o.repo, {
    path: o.lanePath("x"),
    recordedRoot: join(o.git.path, ".worktrees"),
  });
  if (verdict.kind === "refused") throw new Error("refused");
  await removeWorktree(o.repo, verdict.worktree, { name: "x", retire: { atMost: 1 } });
  await addWorktree(o.repo, request("whole"));
  expect([
    existsSync(join(o.lanePath("whole"), "packages/a/src/a.txt")),
    (await pooledWorktrees(o.repo, o.lanePath("y"))).length,
  ]).toEqual([true, 1]);
  await addWorktree(o.repo, request("y", ["docs"]));
  expect([
    existsSync(join(o.lanePath("y"), "packages/a/src/a.txt")),
    (await pooledWorktrees(o.repo, o.lanePath("y"))).length,
  ]).toEqual([false, 0]);
});

test("the patterns are those that git itself writes", async () => {
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  const folders = ["packages/a/src", "docs", "packages/b", "docs/deep"];
  execFileSync("git", ["sparse-checkout", "set", "--cone", ...folders], { cwd: lane, stdio: "ignore" });
  const file = o.git.git(["rev-parse", "--git-path", "info/sparse-checkout"], { cwd: lane });
  expect(conePatterns(folders)).toBe(readFileSync(file, "utf8"));
});

test.each(["", "..", "a/../b", "/etc", "a//b", "a*", "[a]", "a\nb", "!a", "#a", " a", "."])(
  "%j is refused",
  (folder) => {
    expect(() => conePatterns([folder])).toThrow(expect.objectContaining({ code: "SPARSE_NOT_POSSIBLE" }));
  },
);

test("where the repository's settings would change their meaning it is refused, and nothing is left", async () => {
  using o = await opened(FILES);
  writeFileSync(
    join(o.git.path, ".git/config"),
    `${readFileSync(join(o.git.path, ".git/config"), "utf8")}[core]\n\tsparseCheckout = false\n`,
  );
  const request = {
    path: o.lanePath("x"),
    branch: branchRef("lane-x"),
    start: o.base,
    reason: "lane x",
    sparse: ["docs"],
  };
  await expect(addWorktree(o.repo, request)).rejects.toMatchObject({ code: "SPARSE_NOT_POSSIBLE" });
  const { sparse: _, ...whole } = request;
  expect(await addWorktree(o.repo, whole)).toMatchObject({ made: true });
});
