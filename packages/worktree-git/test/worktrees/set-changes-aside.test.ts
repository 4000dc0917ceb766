import { existsSync, readFileSync, readlinkSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@orchard/testkit";
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

test("what a link leads to stays where it is: the link alone moves aside, ignored or not", async () => {
  for (const ignored of [[], ["/a"]]) {
    using o = await opened({ "a/x.txt": "ours\n", "a/deep/y.txt": "ours\n" });
    await o.repo.excludeLocally(ignored);
    using outside = temporaryFolder("somebody's own");
    const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
    writeFileSync(join(outside.path, "x.txt"), "somebody's own\n");
    renameSync(join(o.git.path, "a"), join(o.git.path, ".git", "a-before"));
    symlinkSync(outside.path, join(o.git.path, "a"));
    const to = join(o.git.path, ".git", "aside");
    await setChangesAside(o.repo, o.git.path, { commit, to });
    expect(readFileSync(join(outside.path, "x.txt"), "utf8")).toBe("somebody's own\n");
    expect(readlinkSync(join(to, "a"))).toBe(outside.path);
    expect([o.git.git(["status", "--porcelain"]), o.git.read("a/x.txt")]).toEqual(["", "ours\n"]);
  }
});

test("an ignored file that stands in place of a tracked folder moves aside", async () => {
  using o = await opened({ "a/x.txt": "ours\n" });
  await o.repo.excludeLocally(["/a"]);
  const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
  renameSync(join(o.git.path, "a"), join(o.git.path, ".git", "a-before"));
  writeFileSync(join(o.git.path, "a"), "bytes\n");
  const to = join(o.git.path, ".git", "aside");
  await setChangesAside(o.repo, o.git.path, { commit, to });
  expect([readFileSync(join(to, "a"), "utf8"), o.git.read("a/x.txt")]).toEqual(["bytes\n", "ours\n"]);
});

test("a changed file whose name is not UTF-8 moves aside like any other", async () => {
  using o = await opened({ "a.txt": "a\n" });
  const name = Buffer.from([0x66, 0xff, 0x67]);
  const at = (root: string) => Buffer.concat([Buffer.from(`${root}/`), name]);
  writeFileSync(at(o.git.path), "committed\n");
  o.git.git(["add", "-A"]);
  o.git.git(["commit", "-qm", "odd name"]);
  const commit = parseOid(o.git.git(["rev-parse", "HEAD"]));
  writeFileSync(at(o.git.path), "changed\n");
  const to = join(o.git.path, ".git", "aside");
  await setChangesAside(o.repo, o.git.path, { commit, to });
  expect([readFileSync(at(to), "utf8"), readFileSync(at(o.git.path), "utf8")]).toEqual(["changed\n", "committed\n"]);
});
