import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseOid, setChangesAside } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

test("what differs from HEAD moves aside byte for byte, what is ignored stays", async () => {
  using o = await opened({ "a.txt": "a\n", "b.txt": "b\n", "gone.txt": "g\n", ".gitignore": "cache\n" });
  const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
  o.git.write({ "a.txt": "changed\n", "b.txt": "staged\n", "out/new é.txt": "new\n", cache: "kept\n" });
  o.git.git(["add", "b.txt"]);
  o.git.git(["rm", "-q", "gone.txt"]);
  const to = join(o.git.path, ".git", "aside");
  const moved = await setChangesAside(o.repo, o.git.path, { commit, to });
  expect([...(moved ?? [])].sort()).toEqual(["a.txt", "b.txt", "gone.txt", "out/"]);
  expect(o.git.git(["status", "--porcelain"])).toBe("");
  expect([o.git.read("a.txt"), o.git.read("b.txt"), o.git.read("gone.txt"), o.git.read("cache")]).toEqual([
    "a\n",
    "b\n",
    "g\n",
    "kept\n",
  ]);
  const aside = ["a.txt", "b.txt", "out/new é.txt"].map((path) => readFileSync(join(to, path), "utf8"));
  expect(aside).toEqual(["changed\n", "staged\n", "new\n"]);
  expect(await setChangesAside(o.repo, o.git.path, { commit, to })).toEqual([]);
});

test("nothing is touched when HEAD has moved, or while an operation is in progress", async () => {
  using o = await opened({ "a.txt": "a\n" });
  const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
  const to = join(o.git.path, ".git", "aside");
  o.git.commit("later", { "b.txt": "b\n" });
  writeFileSync(join(o.git.path, "a.txt"), "mine\n");
  expect(await setChangesAside(o.repo, o.git.path, { commit, to })).toBeUndefined();
  const now = parseOid(o.git.git(["rev-parse", "HEAD"]));
  writeFileSync(join(o.git.path, ".git", "MERGE_HEAD"), `${commit}\n`);
  expect(await setChangesAside(o.repo, o.git.path, { commit: now, to })).toBeUndefined();
  expect(o.git.read("a.txt")).toBe("mine\n");
  expect(existsSync(to)).toBe(false);
});
