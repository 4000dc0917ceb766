import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { scratchWorktree } from "../../src/index.ts";
import { commitOn, opened } from "../helpers/opened.ts";

const FILES = { "a.txt": "a\n", ".gitignore": "node_modules/\n*.log\n" };

test("a checkout is exactly the commit; ignored files stay, everything else goes", async () => {
  using o = await opened(FILES);
  const next = commitOn(o.git, "next", o.base, { "a.txt": "A\n", "b/c.txt": "c\n" });
  const path = o.lanePath("verify");
  const scratch = await scratchWorktree(o.repo, path);
  await scratch.checkout(next);
  o.git.write(
    { "node_modules/x/index.js": "x\n", "junk/j.txt": "j\n", "a.txt": "spoiled\n", "b/c.txt": "spoiled\n" },
    path,
  );
  o.git.git(["add", "junk"], { cwd: path });
  mkdirSync(join(path, "inner"));
  o.git.git(["init", "-q"], { cwd: join(path, "inner") });
  o.git.commit("inner", { "i.txt": "i\n" }, join(path, "inner"));
  writeFileSync(join(o.git.path, ".git/worktrees/agent-verify/index.lock"), ""); // a verify run that was killed
  await scratch.checkout(next);
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("");
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("A\n");
  expect([
    existsSync(join(path, "node_modules/x/index.js")),
    existsSync(join(path, "junk")),
    existsSync(join(path, "inner")),
  ]).toEqual([true, false, false]);
  await scratch.checkout(o.base);
  expect(o.git.git(["rev-parse", "HEAD"], { cwd: path })).toBe(o.base);
  expect(existsSync(join(path, "b"))).toBe(false);
});

test("files that git was told not to look at, or not to have, are those of the commit all the same", async () => {
  using o = await opened({ ...FILES, "b.txt": "b\n" });
  const path = o.lanePath("verify");
  const scratch = await scratchWorktree(o.repo, path);
  await scratch.checkout(o.base);
  o.git.git(["update-index", "--skip-worktree", "a.txt"], { cwd: path });
  o.git.git(["update-index", "--assume-unchanged", "b.txt"], { cwd: path });
  o.git.write({ "a.txt": "spoiled\n", "b.txt": "spoiled\n" }, path);
  await scratch.checkout(o.base);
  expect(["a.txt", "b.txt"].map((name) => readFileSync(join(path, name), "utf8"))).toEqual(["a\n", "b\n"]);
  o.git.git(["config", "core.sparseCheckout", "true"]);
  o.git.write({ ".git/worktrees/agent-verify/info/sparse-checkout": "/*\n!/a.txt\n" });
  await scratch.checkout(commitOn(o.git, "next", o.base, { "a.txt": "A\n" }));
  expect(readFileSync(join(path, "a.txt"), "utf8")).toBe("A\n");
});

test("it is found again, and nobody else's folder becomes one", async () => {
  using o = await opened(FILES);
  const path = o.lanePath("verify");
  await (await scratchWorktree(o.repo, path)).checkout(o.base);
  o.git.write({ "x.log": "kept\n" }, path);
  await (await scratchWorktree(o.repo, path)).checkout(o.base);
  expect(existsSync(join(path, "x.log"))).toBe(true);
  const lane = await o.addLane("x");
  await expect(scratchWorktree(o.repo, lane)).rejects.toMatchObject({ code: "FOLDER_EXISTS" });
  mkdirSync(o.lanePath("folder"));
  await expect(scratchWorktree(o.repo, o.lanePath("folder"))).rejects.toMatchObject({ code: "FOLDER_EXISTS" });
});
