import { expect, test } from "vitest";
import { findRewritten, type Oid } from "../../src/index.ts";
import { patchIds } from "../../src/restack/patch-ids.ts";
import { type Opened, opened } from "../helpers/opened.ts";
import { amended, applied, commitAt, type Edit, line, lines } from "../helpers/parts.ts";

const FILES = { "core.txt": lines("core", 40) };

const edit = (n: number): Edit => ({ "core.txt": line(n * 8, `part ${n}`), [`p${n}.txt`]: `part ${n}\n` });

/** Three commits, each by its own words and at its own time. */
function three(o: Opened, onto = o.base): readonly [Oid, Oid, Oid] {
  const one = commitAt(o, onto, edit(1), "part 1", { date: 1 });
  const two = commitAt(o, one, edit(2), "part 2", { date: 2 });
  return [one, two, commitAt(o, two, edit(3), "part 3", { date: 3 })];
}

const pairs = async (o: Opened, tip: Oid, commits: readonly Oid[]) => [
  ...(await findRewritten(o.repo, { tip, commits })),
];

test("an amended commit, with other content and other words, is known by author and date", async () => {
  using o = await opened(FILES);
  const [one] = three(o);
  const tip = amended(o, one, { "p1.txt": "quite another\n", "core.txt": line(3, "x") }, "other words");
  expect(await pairs(o, tip, [one])).toEqual([[one, tip]]);
});

test("reworded and re-dated by another person, it is known by its patch", async () => {
  using o = await opened(FILES);
  const [one] = three(o);
  o.git.git(["checkout", "-q", "--detach", one]);
  const who = ["-c", "user.name=Grace", "--author=Grace <grace@example.invalid>"];
  o.git.git([who[0]!, who[1]!, "commit", "-q", "--amend", "-m", "reworded", who[2]!, "--date=2020-01-01T00:00:00Z"]);
  const tip = o.git.git(["rev-parse", "HEAD"]) as Oid;
  expect(await pairs(o, tip, [one])).toEqual([[one, tip]]);
});

test("a rebased branch gives every commit its new form, also out of order and with one left out", async () => {
  using o = await opened(FILES);
  const [one, two, last] = three(o);
  const main = commitAt(o, o.base, { "core.txt": line(40, "main"), "main.txt": "m\n" }, "main", { date: 9 });
  const tip = applied(o, main, [last, one]);
  const [newOne, newLast] = [tip, o.git.git(["rev-parse", `${tip}~`]) as Oid];
  expect(new Map(await pairs(o, tip, [one, two, last]))).toEqual(
    new Map([
      [one, newOne],
      [last, newLast],
    ]),
  );
});

test("a rebase in which a conflict was resolved is known by author and date", async () => {
  using o = await opened(FILES);
  const [one, two] = three(o);
  const main = commitAt(o, o.base, { "core.txt": line(8, "main wants this too") }, "main", { date: 9 });
  o.git.git(["checkout", "-q", "--detach", main]);
  expect(() => o.git.git(["cherry-pick", one])).toThrow();
  o.git.write({ "core.txt": lines("core", 40).replace("core 8\n", "both\n") });
  o.git.git(["add", "-A"]);
  o.git.git(["-c", "core.editor=true", "cherry-pick", "--continue"]);
  const newOne = o.git.git(["rev-parse", "HEAD"]) as Oid;
  const tip = applied(o, newOne, [two]);
  expect(await pairs(o, tip, [one, two])).toEqual([
    [two, tip],
    [one, newOne],
  ]);
});

test("a squash-merge on the base takes the place of every commit that went into it", async () => {
  using o = await opened(FILES);
  const [one, two, last] = three(o);
  const main = commitAt(o, o.base, { "core.txt": line(40, "main") }, "main", { date: 9 });
  o.git.git(["checkout", "-q", "--detach", main]);
  o.git.git(["merge", "-q", "--squash", two]);
  o.git.git(["commit", "-q", "-m", "Two parts (#12)"]);
  const squash = o.git.git(["rev-parse", "HEAD"]) as Oid;
  const tip = commitAt(o, squash, { "later.txt": "l\n" }, "later", { date: 10 });
  expect(new Map(await pairs(o, tip, [one, two, last]))).toEqual(
    new Map([
      [one, squash],
      [two, squash],
    ]),
  );
});

test("a squash of the last two commits leaves the first one known by itself", async () => {
  using o = await opened(FILES);
  const [one, two, last] = three(o);
  const newOne = amended(o, one, {}, "part 1, reworded");
  o.git.git(["cherry-pick", "--no-commit", two]);
  o.git.git(["cherry-pick", "--no-commit", last]);
  o.git.git(["commit", "-q", "-m", "parts 2 and 3"]);
  const squash = o.git.git(["rev-parse", "HEAD"]) as Oid;
  expect(new Map(await pairs(o, squash, [one, two, last]))).toEqual(
    new Map([
      [one, newOne],
      [two, squash],
      [last, squash],
    ]),
  );
});

test("several commits of one part, of which only the last was asked about, are squashed into one", async () => {
  using o = await opened(FILES);
  const [, , last] = three(o);
  const main = commitAt(o, o.base, { "main.txt": "m\n" }, "main", { date: 9 });
  o.git.git(["merge", "-q", "--squash", last]);
  o.git.git(["commit", "-q", "-m", "everything"]);
  const tip = o.git.git(["rev-parse", "HEAD"]) as Oid;
  expect(main).not.toBe(tip);
  expect(await pairs(o, tip, [last])).toEqual([[last, tip]]);
});

test("the number that a host writes behind the subject of a squash is no other subject", async () => {
  using o = await opened(FILES);
  const [one] = three(o);
  const main = commitAt(o, o.base, { "core.txt": line(8, "before") }, "main", { date: 9 });
  const tip = commitAt(o, main, { ...edit(1), "resolved.txt": "r\n" }, "part 1 (#3)", { date: 10 });
  expect(await pairs(o, tip, [one])).toEqual([[one, tip]]);
});

test("what could be two is none: two commits with the same patch, author, date and words", async () => {
  using o = await opened(FILES);
  const [one] = three(o);
  const first = applied(o, commitAt(o, o.base, { "m.txt": "1\n" }, "main", { date: 8 }), [one]);
  const undone = commitAt(o, first, { "core.txt": line(8, "core 8"), "p1.txt": null }, "undo", { date: 9 });
  const tip = applied(o, undone, [one]);
  expect(await pairs(o, tip, [one])).toEqual([]);
});

test("two commits made in the same second are told apart by their words; a lost one is not taken for the other", async () => {
  using o = await opened(FILES);
  const one = commitAt(o, o.base, edit(1), "part 1", { date: 1 });
  const two = commitAt(o, one, edit(2), "part 2", { date: 1 });
  const newOne = amended(o, one, { "more.txt": "m\n" });
  expect(await pairs(o, newOne, [one, two])).toEqual([[one, newOne]]);
  const newTwo = amended(o, commitAt(o, newOne, edit(2), "part 2", { date: 1 }), { "p2.txt": "other\n" });
  expect(new Map(await pairs(o, newTwo, [one, two]))).toEqual(
    new Map([
      [one, newOne],
      [two, newTwo],
    ]),
  );
});

test("somebody else's commit with the same words, and one that merely follows, take nobody's place", async () => {
  using o = await opened(FILES);
  const [one] = three(o);
  const other = commitAt(o, o.base, { "x.txt": "x\n" }, "part 1", { date: 7, author: "Grace <grace@example.invalid>" });
  const tip = commitAt(o, other, { "y.txt": "y\n" }, "something", { date: 8 });
  expect(await pairs(o, tip, [one])).toEqual([]);
});

test("commits that are all called the same, or were made in the same second, are told apart by the files they touch", async () => {
  using o = await opened(FILES);
  const mine = commitAt(o, o.base, edit(1), "wip", { date: 1 });
  const lost = commitAt(o, mine, edit(2), "wip", { date: 2 });
  const other = commitAt(o, o.base, { "x.txt": "x\n" }, "wip", { date: 7 });
  const sameSecond = commitAt(o, other, { "y.txt": "y\n" }, "another", { date: 1 });
  expect(await pairs(o, sameSecond, [mine])).toEqual([]);
  const tip = commitAt(o, sameSecond, { "p1.txt": "mine, otherwise\n" }, "wip", { date: 8 });
  expect(await pairs(o, tip, [mine, lost])).toEqual([[mine, tip]]);
});

test("an amended merge is known by author and date; one that is only called the same is not", async () => {
  using o = await opened(FILES);
  const [one] = three(o);
  const other = commitAt(o, o.base, { "x.txt": "x\n" }, "x", { date: 7 });
  const merge = (onto: Oid, minute: number) => {
    o.git.git(["checkout", "-q", "--detach", onto]);
    o.git.git(["merge", "-q", "--no-commit", "--no-ff", other]);
    o.git.git(["commit", "-q", "-m", "Merge", `--date=2026-01-02T04:${minute}:00Z`]);
    return o.git.git(["rev-parse", "HEAD"]) as Oid;
  };
  const merged = merge(one, 10);
  const again = amended(o, merged, { "p1.txt": "and more\n" });
  expect(await pairs(o, again, [merged])).toEqual([[merged, again]]);
  expect(await pairs(o, merge(o.base, 20), [merged])).toEqual([]);
});

test("what the tip contains, what is not here and an empty list have no answer and no error", async () => {
  using o = await opened(FILES);
  const [one, two] = three(o);
  const unknown = "5".repeat(40) as Oid;
  expect(await pairs(o, two, [one, two, unknown])).toEqual([]);
  expect(await pairs(o, two, [])).toEqual([]);
  const tip = amended(o, two, { "p2.txt": "other\n" });
  expect(await pairs(o, tip, [unknown, one, two])).toEqual([[two, tip]]);
});

test("files that are not text, and files whose lines look like object ids, are compared by content", async () => {
  using o = await opened(FILES);
  const binary = (content: string): Edit => ({ "b.bin": `\u0000${content}`, "ids.txt": `${o.base}\n` });
  const one = commitAt(o, o.base, binary("one"), "one", { date: 1 });
  const main = commitAt(o, o.base, { "m.txt": "m\n" }, "main", { date: 9 });
  const same = commitAt(o, main, binary("one"), "same", { date: 8 });
  const other = commitAt(o, main, binary("two"), "other", { date: 7 });
  const ids = await patchIds(
    o.repo,
    [one, same, other, o.base, one].map((to) => ({ to })),
  );
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).toBe(ids[4]);
  expect(ids[0]).not.toBe(ids[2]);
  expect(new Set(ids).size).toBe(3);
  expect(await pairs(o, same, [one])).toEqual([[one, same]]);
  expect(await pairs(o, other, [one])).toEqual([]);
});

test("an empty change has no patch id, and does not shift the others", async () => {
  using o = await opened(FILES);
  const [one, two] = three(o);
  const empty = commitAt(o, two, {}, "empty", { date: 4 });
  const ids = await patchIds(o.repo, [{ to: empty }, { to: one }, { from: two, to: empty }, { from: o.base, to: two }]);
  expect(ids.map((id) => id !== undefined)).toEqual([false, true, false, true]);
});
