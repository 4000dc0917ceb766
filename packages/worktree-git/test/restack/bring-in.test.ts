import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { bringIn, type Oid, openHub } from "../../src/index.ts";
import { commitOn, opened } from "../helpers/opened.ts";
import { commitOf, fileAt, filesOf, parentsOf, stateOf } from "../helpers/parts.ts";

const FILES = { "a.txt": "a\n", "b.txt": "b\n", "c.txt": "c\n" };

const wish = (commit: Oid) => ({ commit, message: `Bring in ${commit.slice(0, 8)}` });

test("each missing commit is one merge on top of the last, told in order; what is contained costs nothing", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const one = commitOn(o.git, "one", o.base, { "one.txt": "1\n" });
  const two = commitOn(o.git, "two", one, { "a.txt": "two\n" });
  const head = commitOn(o.git, "head", one, { "b.txt": "mine\n" });
  const before = stateOf(o);
  const outcome = await bringIn(hub, { head, commits: [o.base, one, two, two].map(wish) });
  expect(outcome.kind).toBe("composed");
  const commit = commitOf(outcome);
  expect(outcome).toEqual({
    kind: "composed",
    commit,
    steps: [
      { commit: o.base, by: head, changed: false },
      { commit: one, by: head, changed: false },
      { commit: two, by: commit, changed: true },
      { commit: two, by: commit, changed: false },
    ],
  });
  expect(parentsOf(o, commit)).toEqual([head, two]);
  expect(o.git.git(["log", "-1", "--format=%an|%B", commit])).toBe(`Ada Tester|Bring in ${two.slice(0, 8)}\n`);
  expect(fileAt(o, commit, "a.txt")).toBe("two");
  expect(stateOf(o)).toBe(before);
});

test("nothing missing, or nothing asked for: the head itself, and no object is written", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const head = commitOn(o.git, "head", o.base, { "b.txt": "mine\n" });
  const objects = o.git.git(["count-objects", "-v"]);
  expect(await bringIn(hub, { head, commits: [] })).toEqual({ kind: "composed", commit: head, steps: [] });
  expect(await bringIn(hub, { head, commits: [wish(o.base)] })).toMatchObject({ kind: "composed", commit: head });
  expect(o.git.git(["count-objects", "-v"])).toBe(objects);
});

test("a commit that head is an ancestor of is merged too, so that its parents tell the story", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const ahead = commitOn(o.git, "ahead", o.base, { "a.txt": "ahead\n" });
  const commit = commitOf(await bringIn(hub, { head: o.base, commits: [wish(ahead)] }));
  expect(parentsOf(o, commit)).toEqual([o.base, ahead]);
});

test("a commit that changes nothing any more is still recorded as merged", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const same = commitOn(o.git, "same", o.base, { "a.txt": "same\n" });
  const head = commitOn(o.git, "head", o.base, { "a.txt": "same\n", "b.txt": "mine\n" });
  const outcome = await bringIn(hub, { head, commits: [wish(same)] });
  expect(outcome).toMatchObject({ steps: [{ commit: same, by: commitOf(outcome), changed: false }] });
  expect(parentsOf(o, commitOf(outcome))).toEqual([head, same]);
});

test("a conflict names item, files and where it began; the items before it are in, those behind were not tried", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const fine = commitOn(o.git, "fine", o.base, { "c.txt": "fine\n" });
  const bad = commitOn(o.git, "bad", o.base, { "a.txt": "theirs\n", "b.txt": null });
  const later = commitOn(o.git, "later", o.base, { "later.txt": "l\n" });
  const head = commitOn(o.git, "head", o.base, { "a.txt": "ours\n", "b.txt": "changed\n" });
  const before = stateOf(o);
  const outcome = await bringIn(hub, { head, commits: [fine, bad, later].map(wish) });
  if (outcome.kind !== "conflicted") throw new Error("It was to conflict.");
  expect(outcome).toEqual({
    kind: "conflicted",
    at: 1,
    onto: outcome.onto,
    done: [{ commit: fine, by: outcome.onto, changed: true }],
    theirs: bad,
    files: [
      { path: "a.txt", reason: "contents" },
      { path: "b.txt", reason: "modify/delete" },
    ],
  });
  expect(parentsOf(o, outcome.onto)).toEqual([head, fine]);
  expect(stateOf(o)).toBe(before);
});

test("the very first item may conflict: then onto is the head", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const bad = commitOn(o.git, "bad", o.base, { "a.txt": "theirs\n" });
  const head = commitOn(o.git, "head", o.base, { "a.txt": "ours\n" });
  expect(await bringIn(hub, { head, commits: [wish(bad)] })).toMatchObject({ at: 0, onto: head, done: [] });
});

test("the author is whom the caller names, the committer the repository's own", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const one = commitOn(o.git, "one", o.base, { "one.txt": "1\n" });
  const author = { name: "Grace", email: "grace@example.invalid" };
  const commit = commitOf(await bringIn(hub, { head: o.base, commits: [wish(one)], author }));
  expect(o.git.git(["log", "-1", "--format=%an %ae %cn", commit])).toBe("Grace grace@example.invalid Ada Tester");
});

test("what it tells is durable: nothing of it lies in loose files", async () => {
  using o = await opened(FILES);
  o.git.git(["repack", "-adq"]);
  using hub = await openHub(o.repo);
  const one = commitOn(o.git, "one", o.base, { "one.txt": "1\n" });
  const commit = commitOf(await bringIn(hub, { head: o.base, commits: [wish(one)] }));
  o.git.git(["update-ref", "refs/keep/it", commit]);
  o.git.git(["prune-packed"]);
  expect(o.git.git(["count-objects", "-v"])).toMatch(/^count: 0$/m);
  expect(filesOf(o, commit)).toContain("one.txt");
});

test("unknown commits and strangers are refused by name", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  const unknown = randomUUID().replaceAll("-", "").padEnd(40, "0") as Oid;
  const stranger = o.git.git(["commit-tree", "-m", "stranger", `${o.base}^{tree}`]) as Oid;
  const ask = (commit: Oid) => bringIn(hub, { head: o.base, commits: [wish(commit)] });
  await expect(ask(unknown)).rejects.toMatchObject({ code: "OBJECT_MISSING" });
  await expect(ask(stranger)).rejects.toMatchObject({ code: "UNRELATED_HISTORIES" });
});
