import fc from "fast-check";
import { expect, test } from "vitest";
import { bringIn, type Oid, openHub, replaceCommits } from "../../src/index.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";
import { commitOf, filesOf, parentsOf, stateOf, treeOf } from "../helpers/parts.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n", "d.txt": "d\n" };

const swap = (from: Oid, to: Oid) => ({ from, to, message: `Replace ${from.slice(0, 8)}` });

/** `one` brought into the base, and work on top of it. */
async function built(o: Opened, changes: Readonly<Record<string, string | null>>) {
  const hub = await openHub(o.repo);
  const one = commitOn(o.git, "one", o.base, changes);
  const start = commitOf(await bringIn(hub, { head: o.base, commits: [{ commit: one, message: "in" }] }));
  const head = commitOn(o.git, "head", start, { "d.txt": "mine\n", "mine.txt": "mine\n" });
  return { hub, one, head };
}

test("a new form takes the old one's place, with the head and the new form as parents; nobody's files or refs change", async () => {
  using o = await opened(FILES);
  const { hub, one, head } = await built(o, { "a.txt": "one\n", "one.txt": "1\n" });
  using _ = hub;
  const again = commitOn(o.git, "again", o.base, { "a.txt": "once more\n", "uno.txt": "1\n" });
  const before = stateOf(o);
  const outcome = await replaceCommits(hub, { head, replacements: [swap(one, again)] });
  const commit = commitOf(outcome);
  expect(outcome).toEqual({ kind: "composed", commit, steps: [{ commit: again, by: commit, changed: true }] });
  expect(parentsOf(o, commit)).toEqual([head, again]);
  expect(filesOf(o, commit)).toEqual(["a.txt", "b.txt", "c.txt", "d.txt", "mine.txt", "uno.txt"]);
  expect(stateOf(o)).toBe(before);
  o.git.git(["update-ref", "refs/keep/it", commit]);
  o.git.git(["prune-packed"]);
  expect(o.git.git(["fsck", "--strict", "--connectivity-only"])).not.toContain("missing");
});

test("taken out by what it was built on, a commit leaves no second parent; put back by the exchange, all is as before", async () => {
  using o = await opened(FILES);
  const { hub, one, head } = await built(o, { "a.txt": "one\n", "one.txt": "1\n", "b.txt": null });
  using _ = hub;
  const out = commitOf(await replaceCommits(hub, { head, replacements: [swap(one, o.base)] }));
  expect(parentsOf(o, out)).toEqual([head]);
  expect(filesOf(o, out)).toEqual(["a.txt", "b.txt", "c.txt", "d.txt", "mine.txt"]);
  const back = commitOf(await replaceCommits(hub, { head: out, replacements: [swap(o.base, one)] }));
  expect(parentsOf(o, back)).toEqual([out]);
  expect(treeOf(o, back)).toBe(treeOf(o, head));
});

test("control: by ancestry alone a commit that was taken out is contained already, and does not come back", async () => {
  using o = await opened(FILES);
  const { hub, one, head } = await built(o, { "one.txt": "1\n" });
  using _ = hub;
  const out = commitOf(await replaceCommits(hub, { head, replacements: [swap(one, o.base)] }));
  expect(await o.repo.isAncestor(one, out)).toBe(true);
  expect(await hub.merge({ ours: out, theirs: one })).toEqual({ kind: "alreadyMerged" });
  const outcome = await bringIn(hub, { head: out, commits: [{ commit: one, message: "again" }] });
  expect(outcome).toEqual({ kind: "composed", commit: out, steps: [{ commit: one, by: out, changed: false }] });
  expect(filesOf(o, out)).not.toContain("one.txt");
});

test.each([
  ["conflicts where both changed the same lines", { "a.txt": "once more\n" }, "conflicted"],
  ["keeps what the amended commit no longer has", { "c.txt": "elsewhere\n" }, "composed"],
] as const)("control: a plain second merge of an amended commit %s", async (_name, changes, kind) => {
  using o = await opened(FILES);
  const { hub, one, head } = await built(o, { "a.txt": "one\n", "one.txt": "1\n" });
  using _ = hub;
  const again = commitOn(o.git, "again", o.base, changes);
  const plain = await bringIn(hub, { head, commits: [{ commit: again, message: "again" }] });
  expect(plain.kind).toBe(kind);
  if (plain.kind === "composed") expect(filesOf(o, plain.commit)).toContain("one.txt");
  const replaced = commitOf(await replaceCommits(hub, { head, replacements: [swap(one, again)] }));
  expect(filesOf(o, replaced)).not.toContain("one.txt");
});

test("a new form that is the same again only becomes a parent; one that is contained and the same changes nothing", async () => {
  using o = await opened(FILES);
  const { hub, one, head } = await built(o, { "one.txt": "1\n" });
  using _ = hub;
  const reworded = o.git.git(["commit-tree", "-p", o.base, "-m", "other words", `${one}^{tree}`]) as Oid;
  const outcome = await replaceCommits(hub, { head, replacements: [swap(one, reworded), swap(reworded, one)] });
  const commit = commitOf(outcome);
  expect(parentsOf(o, commit)).toEqual([head, reworded]);
  expect(treeOf(o, commit)).toBe(treeOf(o, head));
  expect(outcome).toMatchObject({
    steps: [
      { commit: reworded, by: commit, changed: false },
      { commit: one, by: commit, changed: false },
    ],
  });
});

test("a conflict names item, base, files and where it began; the earlier items are in", async () => {
  using o = await opened(FILES);
  const { hub, one, head } = await built(o, { "c.txt": "one\n" });
  using _ = hub;
  const other = commitOn(o.git, "other", o.base, { "d.txt": "other\n" });
  const both = commitOn(o.git, "both", head, { "b.txt": "b2\n" });
  const dOnBase = commitOn(o.git, "d", o.base, { "c.txt": "amended\n" });
  const before = stateOf(o);
  const outcome = await replaceCommits(hub, {
    head: both,
    replacements: [swap(one, dOnBase), swap(o.base, other), swap(one, o.base)],
  });
  if (outcome.kind !== "conflicted") throw new Error("It was to conflict.");
  expect(outcome).toEqual({
    kind: "conflicted",
    at: 1,
    onto: outcome.onto,
    done: [{ commit: dOnBase, by: outcome.onto, changed: true }],
    base: o.base,
    theirs: other,
    files: [{ path: "d.txt", reason: "contents" }],
  });
  expect(parentsOf(o, outcome.onto)).toEqual([both, dOnBase]);
  expect(stateOf(o)).toBe(before);
});

test("what the head does not contain cannot be replaced there", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const one = commitOn(o.git, "one", o.base, { "a.txt": "1\n" });
  const outcome = replaceCommits(hub, { head: o.base, replacements: [swap(one, o.base)] });
  await expect(outcome).rejects.toMatchObject({ code: "COMMIT_NOT_CONTAINED", details: { commit: one } });
});

test("no filter, merge driver or hook of the settings runs, whatever the attributes say", async () => {
  using o = await opened({ ...FILES, ".gitattributes": "*.txt filter=evil merge=evil diff=evil\n" });
  const { hub, one, head } = await built(o, { "a.txt": "one\n" });
  using _ = hub;
  const mark = `${o.git.path}/ran`;
  for (const key of ["filter.evil.clean", "filter.evil.smudge", "merge.evil.driver", "diff.evil.command"]) {
    o.git.git(["config", key, `touch '${mark}'; cat`]);
  }
  o.git.git(["config", "core.hooksPath", `${o.git.path}/hooks`]);
  const again = commitOn(o.git, "again", o.base, { "a.txt": "once more\n" });
  commitOf(await replaceCommits(hub, { head, replacements: [swap(one, again)] }));
  expect(() => o.git.read("../repo/ran")).toThrow();
});

test("paths with blanks, line breaks and bytes that are not UTF-8 are replaced, and named in a conflict", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const tree = (content: string) => {
    const blob = o.git.git(["hash-object", "-w", "--stdin"], { input: content });
    const entries = ["a b.txt", "line\nbreak", "\\xff raw"].map((name) => `100644 blob ${blob}\t${name}\0`).join("");
    return mktree(o, entries);
  };
  const commit = (parent: Oid, content: string) =>
    o.git.git(["commit-tree", "-p", parent, "-m", content, tree(content)]) as Oid;
  const one = commit(o.base, "one\n");
  const head = commit(one, "one\n");
  const again = commit(o.base, "again\n");
  const replaced = commitOf(await replaceCommits(hub, { head, replacements: [swap(one, again)] }));
  expect(treeOf(o, replaced)).toBe(treeOf(o, again));
  const mine = commit(one, "mine\n");
  const outcome = await replaceCommits(hub, { head: mine, replacements: [swap(one, again)] });
  expect(outcome).toMatchObject({
    kind: "conflicted",
    files: [{ path: "\\xff raw" }, { path: "a b.txt" }, { path: "line\nbreak" }],
  });
});

/** `mktree` with one name whose bytes are not UTF-8 (written `\xff` above). */
function mktree(o: Opened, entries: string): string {
  return o.git.git(["mktree", "-z"], { input: Buffer.from(entries.replaceAll("\\xff", "\u00ff"), "latin1") });
}

const content = fc.constantFrom("one\n", "two\n", "three\n", null);
const over = (paths: readonly string[]) =>
  fc.dictionary(fc.constantFrom(...paths), content, { minKeys: 1, maxKeys: 3 });
const RUNS = { numRuns: process.env["ORCHARD_LONG"] === "1" ? 200 : 6 };

/** Deletions only of what is there. */
function known(changes: Readonly<Record<string, string | null>>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(changes).filter(([name, text]) => text !== null || name in FILES));
}

test("replaced and replaced back, any part on files of its own gives the same tree", async () => {
  using o = await opened(FILES);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(over(["a.txt", "n/x.txt", "y.txt"]), over(["a.txt", "n/x.txt", "z.txt"]), async (was, now) => {
      round += 1;
      const { hub, one, head } = await built(o, known(was));
      using _ = hub;
      const again = commitOn(o.git, `again-${round}`, o.base, known(now));
      for (const to of [again, o.base]) {
        const there = commitOf(await replaceCommits(hub, { head, replacements: [swap(one, to)] }));
        const back = commitOf(await replaceCommits(hub, { head: there, replacements: [swap(to, one)] }));
        expect(treeOf(o, back)).toBe(treeOf(o, head));
      }
    }),
    RUNS,
  );
});

test("the order in which independent parts are replaced does not matter", async () => {
  using o = await opened(FILES);
  let round = 0;
  const [left, right] = [over(["a.txt", "l/x.txt"]), over(["b.txt", "r/x.txt"])];
  await fc.assert(
    fc.asyncProperty(left, left, right, right, async (one, oneAgain, two, twoAgain) => {
      round += 1;
      using hub = await openHub(o.repo);
      const part = (name: string, changes: Readonly<Record<string, string | null>>) =>
        commitOn(o.git, `${name}-${round}`, o.base, known(changes));
      const [first, firstAgain] = [part("one", one), part("one-again", oneAgain)];
      const [second, secondAgain] = [part("two", two), part("two-again", twoAgain)];
      const commits = [first, second].map((commit) => ({ commit, message: "in" }));
      const start = commitOf(await bringIn(hub, { head: o.base, commits }));
      const head = commitOn(o.git, `head-${round}`, start, { "c.txt": "mine\n" });
      const replacements = [swap(first, firstAgain), swap(second, secondAgain)];
      const there = commitOf(await replaceCommits(hub, { head, replacements }));
      const other = commitOf(await replaceCommits(hub, { head, replacements: replacements.toReversed() }));
      expect(treeOf(o, there)).toBe(treeOf(o, other));
    }),
    RUNS,
  );
});
