import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { branchRef, conflictMatrix, type Oid, openHub, parseOid } from "../../src/index.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

const FILES = {
  "a.txt": lines("a"),
  "dir/b.txt": lines("b"),
  "dir/c.txt": lines("c"),
  "dir/sub/d.txt": lines("d"),
  "other/e.txt": lines("e"),
  "other/f.txt": lines("f"),
};

test("two sides that change the same lines conflict, with files and git's reason; others do not", async () => {
  using o = await opened(FILES);
  const side = (name: string, files: Record<string, string | null>) => ({
    name,
    commit: commitOn(o.git, name, o.base, files),
  });
  const { conflicts, pairs } = await conflictMatrix(o.repo, [
    side("one", { "a.txt": "one\n" }),
    side("two", { "a.txt": "two\n" }),
    side("three", { "dir/b.txt": "three\n" }),
    side("four", { "dir/b.txt": null }),
  ]);
  expect(conflicts).toEqual([
    { a: "one", b: "two", files: [{ path: "a.txt", reason: "contents" }] },
    { a: "three", b: "four", files: [{ path: "dir/b.txt", reason: "modify/delete" }] },
  ]);
  expect(pairs).toEqual({ all: 6, looked: 6, merged: 2 });
});

test("one worktree that no longer is as git recorded it keeps no other from being compared: its branch stands for it", async () => {
  using o = await opened(FILES);
  const [bad, good] = [await o.addLane("bad"), await o.addLane("good")];
  o.git.commit("work", { "a.txt": "bad\n" }, bad);
  o.git.write({ "a.txt": "good, not committed\n" }, good);
  writeFileSync(join(bad, ".git"), "gitdir: /elsewhere\n");
  const gone = { name: "gone", worktree: o.lanePath("none"), branch: branchRef("lane-good") };
  const sides = [{ name: "bad", worktree: bad, branch: branchRef("lane-bad") }, { name: "good", worktree: good }, gone];
  const found = await conflictMatrix(o.repo, sides);
  expect(found.conflicts).toEqual([{ a: "bad", b: "good", files: [{ path: "a.txt", reason: "contents" }] }]);
  expect(found.sides.map(({ name, unread }) => [name, unread])).toEqual([
    ["bad", true],
    ["good", undefined],
    ["gone", true],
  ]);
  await expect(conflictMatrix(o.repo, [{ name: "bad", worktree: bad }])).rejects.toMatchObject({
    code: "WORKTREE_TAMPERED",
  });
});

describe("what shares no path and still clashes is found", () => {
  test.each([
    ["a file where the other has a folder", { x: "file\n" }, { "x/y.txt": "y\n" }],
    ["a folder that moved, and a file added to it", moved("dir/", "elsewhere/"), { "dir/new.txt": "n\n" }],
    ["a folder below that moved, and a file added above", moved("dir/sub/", "else/sub/"), { "dir/sub/new.txt": "n\n" }],
    ["one file that two moved apart", moved("a.txt", "b.txt"), moved("a.txt", "c.txt")],
    ["two files that were moved to one place", moved("a.txt", "z.txt"), moved("other/e.txt", "z.txt")],
  ])("%s", async (_name, one, two) => {
    using o = await opened(FILES);
    const sides = [one, two].map((files, index) => ({
      name: String(index),
      commit: commitOn(o.git, `s${index}`, o.base, files),
    }));
    const { conflicts } = await conflictMatrix(o.repo, sides);
    expect(conflicts).toEqual(await oneByOne(o, sides));
    expect(conflicts).toHaveLength(1);
  });
});

test("the answers are those of one merge a pair, whatever was edited, moved, added, removed and built on what", async () => {
  using o = await opened(FILES);
  let run = 0;
  const change = fc.record({
    kind: fc.constantFrom("edit", "edit", "add", "remove", "move", "moveFolder", "fileForFolder"),
    path: fc.constantFrom(...Object.keys(FILES)),
    to: fc.constantFrom("n.txt", "dir/n.txt", "dir/sub/n.txt", "new/n.txt", "other"),
    line: fc.integer({ min: 0, max: 7 }),
    word: fc.constantFrom("x", "y"),
  });
  const side = fc.record({
    on: fc.integer({ min: -1, max: 5 }),
    changes: fc.array(change, { minLength: 1, maxLength: 3 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(side, { minLength: 4, maxLength: 6 }), async (given) => {
      run += 1;
      const commits: Oid[] = [];
      for (const { on, changes } of given) {
        const from = commits[on] ?? o.base;
        commits.push(commitOn(o.git, `r${run}-${commits.length}`, from, edits(o, from, changes)));
      }
      const sides = commits.map((commit, index) => ({ name: String(index), commit }));
      const expected = await oneByOne(o, sides);
      expect((await conflictMatrix(o.repo, sides)).conflicts).toEqual(expected);
      expect((await conflictMatrix(o.repo, sides)).conflicts).toEqual(expected);
    }),
    { numRuns: process.env["ORCHARD_LONG"] === "1" ? 400 : 12 },
  );
}, 600_000);

test("a side that changes .gitattributes is merged by its own, and one that does not by the base's", async () => {
  using o = await opened({ ...FILES, "dir/.gitattributes": "b.txt merge=union\n" });
  const side = (name: string, files: Record<string, string | null>) => ({
    name,
    commit: commitOn(o.git, name, o.base, files),
  });
  const sides = [
    side("own", { "dir/.gitattributes": "b.txt -merge\n", "dir/b.txt": "own\n" }),
    side("one", { "dir/b.txt": "one\n", "a.txt": "one\n" }),
    side("two", { "dir/b.txt": "two\n" }),
    side("above", { ".gitattributes": "a.txt merge=union\n", "a.txt": "above\n" }),
    side("three", { "a.txt": "three\n" }),
    side("gone", { "dir/.gitattributes": null, "dir/b.txt": "gone\n" }),
  ];
  const { conflicts } = await conflictMatrix(o.repo, sides);
  expect(conflicts).toEqual(await oneByOne(o, sides));
  expect(conflicts.map(({ a, b }) => `${a} ${b}`)).toEqual([
    "own one",
    "own two",
    "own gone",
    "one above",
    "one three",
  ]);
});

test("negative control: comparing paths alone would miss a file in a folder that moved", async () => {
  using o = await opened(FILES);
  const one = commitOn(o.git, "one", o.base, moved("dir/", "elsewhere/"));
  const two = commitOn(o.git, "two", o.base, { "dir/new.txt": "n\n" });
  const [paths, others] = await Promise.all([o.repo.changedPaths(o.base, one), o.repo.changedPaths(o.base, two)]);
  expect(paths.some(({ path }) => others.some((other) => other.path === path))).toBe(false);
  expect(
    await oneByOne(o, [
      { name: "one", commit: one },
      { name: "two", commit: two },
    ]),
  ).toHaveLength(1);
});

test("only what changed is compared again: one row after an edit, nothing without one", async () => {
  using o = await opened(FILES);
  const sides = Array.from({ length: 6 }, (_, index) => ({
    name: String(index),
    commit: commitOn(o.git, `s${index}`, o.base, { "a.txt": `${index}\n` }),
  }));
  expect((await conflictMatrix(o.repo, sides)).pairs).toEqual({ all: 15, looked: 15, merged: 15 });
  expect((await conflictMatrix(o.repo, sides)).pairs).toEqual({ all: 15, looked: 0, merged: 0 });
  const commit = commitOn(o.git, "s2", o.base, { "other/e.txt": "again\n" });
  const now = await conflictMatrix(o.repo, sides.with(2, { name: "2", commit }));
  expect(now.pairs).toEqual({ all: 15, looked: 5, merged: 0 });
  expect(now.conflicts).toHaveLength(10);
  writeFileSync(join(o.repo.stateDir, "comparing", "known.json"), "{ half");
  expect((await conflictMatrix(o.repo, sides)).conflicts).toHaveLength(15);
});

test("histories without a common commit are said to be in conflict, and spoil no other answer", async () => {
  using o = await opened(FILES);
  const alien = parseOid(o.git.git(["commit-tree", "-m", "alien", `${o.base}^{tree}`]));
  const sides = [
    { name: "one", commit: commitOn(o.git, "one", o.base, { "a.txt": "one\n" }) },
    { name: "alien", commit: alien },
    { name: "two", commit: commitOn(o.git, "two", o.base, { "a.txt": "two\n" }) },
  ];
  const { conflicts } = await conflictMatrix(o.repo, sides);
  expect(conflicts.map(({ a, b, files }) => `${a} ${b} ${files.length}`)).toEqual([
    "one alien 0",
    "one two 1",
    "alien two 0",
  ]);
});

describe("uncommitted work counts", () => {
  test("changed, staged, new and deleted files, with the worktree's index and the repository's objects as they were", async () => {
    using o = await opened({ ...FILES, ".gitignore": "*.env\n" });
    const [one, two] = [await o.addLane("one"), await o.addLane("two")];
    o.git.write({ "a.txt": "one\n", "new file.txt": "one\n", "secret.env": "S=1\n" }, one);
    o.git.git(["rm", "-q", "dir/b.txt"], { cwd: one });
    o.git.write({ "a.txt": "two\n", "new file.txt": "two\n", "dir/b.txt": "changed\n", "secret.env": "S=2\n" }, two);
    o.git.git(["add", "a.txt"], { cwd: two });
    const before = pictureOf(o, [one, two]);
    const { sides, conflicts } = await conflictMatrix(o.repo, [
      { name: "one", worktree: one },
      { name: "two", worktree: two },
      { name: "base", commit: o.base },
    ]);
    expect(pictureOf(o, [one, two])).toEqual(before);
    expect(conflicts.map(({ a, b, files }) => [a, b, files.map(({ path, reason }) => `${path} ${reason}`)])).toEqual([
      ["one", "two", ["a.txt contents", "dir/b.txt modify/delete", "new file.txt contents"]],
    ]);
    expect(sides.map(({ uncommitted, head }) => [uncommitted, head])).toEqual([
      [3, o.base],
      [3, o.base],
      [0, o.base],
    ]);
  });

  test("a file that became a folder, a merge in progress and a name that is not UTF-8 are read as they stand", async () => {
    using o = await opened(FILES);
    const [one, two] = [await o.addLane("one"), await o.addLane("two")];
    rmSync(join(one, "a.txt"));
    mkdirSync(join(one, "a.txt"));
    o.git.write({ "a.txt/inside.txt": "i\n" }, one);
    rmSync(join(one, "dir"), { recursive: true });
    writeFileSync(join(one, "dir"), "a file now\n");
    o.git.commit("theirs", { "other/e.txt": "theirs\n" });
    o.git.commit("mine", { "other/e.txt": "mine\n" }, two);
    expect(() => o.git.git(["merge", "main"], { cwd: two })).toThrow();
    writeFileSync(Buffer.concat([Buffer.from(`${two}/`), Buffer.from([0x66, 0xff])]), "two\n");
    const { sides } = await conflictMatrix(o.repo, [
      { name: "one", worktree: one },
      { name: "two", worktree: two },
    ]);
    expect(sides.map(({ unread }) => unread)).toEqual([undefined, undefined]);
    expect(readdirSync(two, { encoding: "buffer" }).length).toBeGreaterThan(4);
  });

  test("no filter of the settings and no hook runs, and what they would have made is not needed", async () => {
    using o = await opened({ ...FILES, ".gitattributes": "*.txt filter=planted\n" });
    const marker = join(o.git.path, "..", "ran");
    o.git.git(["config", "filter.planted.clean", `touch '${marker}'; cat`]);
    o.git.git(["config", "core.fsmonitor", `touch '${marker}'`]);
    o.git.write({ "a.txt": "two\n" });
    const { sides } = await conflictMatrix(o.repo, [{ name: "two", worktree: o.git.path }]);
    expect(sides[0]?.uncommitted).toBeGreaterThan(0);
    expect(existsSync(marker)).toBe(false);
  });

  test("a file too large to read is only known to be there", async () => {
    using o = await opened(FILES);
    const [one, two] = [await o.addLane("one"), await o.addLane("two")];
    writeFileSync(join(one, "large.bin"), Buffer.alloc(33 << 20, 1));
    writeFileSync(join(two, "large.bin"), "small\n");
    const { conflicts } = await conflictMatrix(o.repo, [
      { name: "one", worktree: one },
      { name: "two", worktree: two },
    ]);
    expect(conflicts).toEqual([{ a: "one", b: "two", files: [{ path: "large.bin", reason: "contents" }] }]);
  });
});

function lines(word: string): string {
  return Array.from({ length: 8 }, (_, index) => `${word} ${index}\n`).join("");
}

/** Every file whose path begins with `from`, moved; as edits of a commit. */
function moved(from: string, to: string): Record<string, string | null> {
  const found = Object.entries(FILES).filter(([path]) => path.startsWith(from));
  return Object.fromEntries(
    found.flatMap(([path, text]) => [
      [path, null],
      [to + path.slice(from.length), text],
    ]),
  );
}

interface Change {
  readonly kind: string;
  readonly path: string;
  readonly to: string;
  readonly line: number;
  readonly word: string;
}

function edits(o: Opened, from: Oid, changes: readonly Change[]): Record<string, string | null> {
  const listed = o.git.git(["ls-tree", "-r", "--name-only", from]).split("\n");
  const files: Record<string, string | null> = {};
  for (const { kind, path, to, line, word } of changes) {
    const at = listed.includes(path) && files[path] === undefined ? path : undefined;
    const text = at === undefined ? lines("fresh") : `${o.git.git(["show", `${from}:${at}`])}\n`;
    const isFree = !listed.some((one) => one === to || one.startsWith(`${to}/`)) && files[to] === undefined;
    if (kind === "edit" && at) files[at] = text.split("\n").with(line, word).join("\n");
    if (kind === "add" && isFree && !to.includes("other")) files[to] = `${word}\n${text}`;
    if (kind === "remove" && at) files[at] = null;
    if (kind === "move" && at && isFree && to !== "other") Object.assign(files, { [at]: null, [to]: text });
    if (kind === "moveFolder" && at?.includes("/")) {
      const folder = at.slice(0, at.indexOf("/") + 1);
      for (const one of listed.filter((name) => name.startsWith(folder) && files[name] === undefined))
        Object.assign(files, {
          [one]: null,
          [`moved-${word}/${one.slice(folder.length)}`]: `${o.git.git(["show", `${from}:${one}`])}\n`,
        });
    }
    if (kind === "fileForFolder" && at?.startsWith("other/")) {
      for (const one of listed.filter((name) => name.startsWith("other/"))) files[one] = null;
      files["other"] = `${word}\n`;
    }
  }
  // A file and a folder of one name cannot both be there.
  if (files["other"] !== undefined)
    for (const name of Object.keys(files)) if (name.startsWith("other/")) files[name] = null;
  return Object.fromEntries(Object.entries(files).sort(([, a], [, b]) => Number(b === null) - Number(a === null)));
}

async function oneByOne(o: Opened, sides: readonly { readonly name: string; readonly commit: Oid }[]) {
  using hub = await openHub(o.repo);
  const found = [];
  for (const [index, one] of sides.entries()) {
    for (const other of sides.slice(index + 1)) {
      const merge = await hub.merge({ ours: one.commit, theirs: other.commit });
      if (merge.kind === "conflicted") found.push({ a: one.name, b: other.name, files: merge.files });
    }
  }
  return found;
}

/** Bytes and dates of indexes, every object, every ref. */
function pictureOf(o: Opened, worktrees: readonly string[]): unknown {
  return {
    indexes: worktrees.map((path) => {
      const gitDir = o.git.git(["rev-parse", "--absolute-git-dir"], { cwd: path });
      return readFileSync(join(gitDir, "index"), "hex");
    }),
    objects: o.git.git(["count-objects", "-v"]),
    refs: o.git.git(["for-each-ref"]),
  };
}
