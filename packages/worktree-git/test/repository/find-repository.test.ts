import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findRepository } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test("finds the same repository as git does from every place in it", async () => {
  using o = await opened({ "a/b/c.txt": "c\n" });
  const lane = await o.addLane("x");
  const top = (cwd: string) => o.git.git(["rev-parse", "--show-toplevel"], { cwd });
  for (const cwd of [o.git.path, join(o.git.path, "a/b"), lane, join(lane, "a")]) {
    const place = findRepository(cwd);
    expect(place).toMatchObject({ commonDir: join(o.git.path, ".git"), mainRoot: o.git.path, bare: false });
    expect(place?.worktreeRoot).toBe(top(cwd));
    expect(place?.gitDir).toBe(o.git.git(["rev-parse", "--absolute-git-dir"], { cwd }));
  }
});

test("a path through a link is made real", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  symlinkSync(o.git.path, join(folder.path, "link"));
  expect(findRepository(join(folder.path, "link"))?.mainRoot).toBe(o.git.path);
});

test("no repository above is no error", () => {
  using folder = temporaryFolder();
  expect(findRepository(folder.path)).toBeUndefined();
  expect(findRepository(join(folder.path, "not/there"))).toBeUndefined();
});

test("a .git that leads nowhere, or is no git dir, is passed over", async () => {
  using o = await opened();
  mkdirSync(join(o.git.path, "inner/.git"), { recursive: true });
  writeFileSync(join(o.git.path, "inner/x"), "");
  expect(findRepository(join(o.git.path, "inner"))?.mainRoot).toBe(o.git.path);
});

test("a bare repository is found and said to be bare, also from a worktree of it", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const bare = join(folder.path, "bare.git");
  o.git.git(["clone", "-q", "--bare", o.git.path, bare]);
  expect(findRepository(bare)).toMatchObject({ bare: true, commonDir: bare });
  o.git.git(["worktree", "add", "-q", join(folder.path, "wt")], { cwd: bare });
  expect(findRepository(join(folder.path, "wt"))).toMatchObject({ bare: true, commonDir: bare });
});

test("a submodule's main work tree is the submodule's folder", async () => {
  using o = await opened();
  using inner = await opened({ "lib.txt": "lib\n" });
  o.git.git(["-c", "protocol.file.allow=always", "submodule", "add", "-q", inner.git.path, "lib"]);
  const lib = join(o.git.path, "lib");
  expect(findRepository(lib)).toMatchObject({ mainRoot: lib, worktreeRoot: lib, bare: false });
  o.git.git(["worktree", "add", "-q", "-b", "w", join(o.git.path, ".worktrees/sub")], { cwd: lib });
  expect(findRepository(join(o.git.path, ".worktrees/sub"))?.mainRoot).toBe(lib);
});

test("a git dir apart from its checkout is refused from a linked worktree, by name", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const apart = join(folder.path, "apart");
  o.git.git(["init", "-q", "--separate-git-dir", apart]);
  expect(findRepository(o.git.path)).toMatchObject({ commonDir: apart, mainRoot: o.git.path });
  o.git.git(["worktree", "add", "-q", "-b", "w", join(folder.path, "wt")]);
  expect(() => findRepository(join(folder.path, "wt"))).toThrow(expect.objectContaining({ code: "MAIN_ROOT_UNKNOWN" }));
});

test("a repository that was moved is found where it is now", async () => {
  using folder = temporaryFolder();
  using o = await opened();
  const moved = join(folder.path, "moved here");
  renameSync(o.git.path, moved);
  expect(findRepository(moved)?.mainRoot).toBe(moved);
  rmSync(moved, { recursive: true });
});
