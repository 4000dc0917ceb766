import { symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ignoredFilesNamed, ignoredIn } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

const FILES = { ".gitignore": "node_modules/\n.env\n*.secret\nlink\n", "tracked.json": "{}\n", "b/.keep": "" };

test("named, ignored and untracked: those files and no others, whatever the patterns say", async () => {
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  o.git.write({
    ".env": "1\n",
    "b/.env": "2\n",
    "node_modules/m/index.js": "m\n",
    "node_modules/m/with space.js": "m\n",
    ":(glob)*.secret": "s\n",
    "keys/a.secret": "k\n",
    "notes.txt": "not ignored\n",
  });
  writeFileSync(join(lane, ".env"), "of another lane\n");
  symlinkSync("/etc/passwd", join(o.git.path, "link"));
  const named = async (patterns: string) => (await ignoredFilesNamed(o.repo, patterns)).files;
  expect(await named(".env\n")).toEqual([".env", "b/.env"]);
  expect(await named("/.env\n# a comment\n\nnode_modules/\n!with*\n")).toEqual([
    ".env",
    "node_modules/m/index.js",
    "node_modules/m/with space.js",
  ]);
  expect(await named("*.secret\nlink\n")).toEqual([":(glob)*.secret", "keys/a.secret", "link"]);
  expect(await named("/etc/passwd\n../**\n../../.env\n/\n..\n")).toEqual([]);
  expect(await named("")).toEqual([]);
});

test("what is tracked, not ignored or a repository of its own is left out, and said", async () => {
  using o = await opened(FILES);
  o.git.write({ "notes.txt": "not ignored\n", ".env": "1\n" });
  o.git.git(["init", "-q", "node_modules/inner"]);
  const { files, leftOut } = await ignoredFilesNamed(o.repo, "tracked.json\nnotes.txt\n.env\nnode_modules/\n");
  expect(files).toEqual([".env"]);
  expect(leftOut).toEqual([
    { path: "tracked.json", why: "tracked" },
    { path: "notes.txt", why: "notIgnored" },
    { path: "node_modules/inner/", why: "repository" },
  ]);
});

test("a worktree says itself what it ignores, also of files that are not there", async () => {
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  o.git.commit("ignores less, tracks more", { ".gitignore": "node_modules/\n.env\n", node_modules: "a file\n" }, lane);
  expect(await ignoredIn(o.repo, lane, [".env", "a.secret", "tracked.json", "b/.env"])).toEqual([".env", "b/.env"]);
  expect(await ignoredIn(o.repo, lane, [])).toEqual([]);
});

test("what would lie behind a link or in a submodule there is none of it, and hides no other", async () => {
  using o = await opened(FILES);
  const lane = await o.addLane("x");
  symlinkSync("/etc", join(lane, "cfg"));
  o.git.git(["update-index", "--add", "--cacheinfo", `160000,${o.base},sub`], { cwd: lane });
  expect(await ignoredIn(o.repo, lane, ["cfg/.env", "sub/.env", ".env", "new/.env"])).toEqual([".env", "new/.env"]);
  expect(await ignoredIn(o.repo, lane, ["cfg/.env"])).toEqual([]);
});
