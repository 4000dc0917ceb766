import fc from "fast-check";
import { expect, test } from "vitest";
import { openHub, parseOid } from "../../src/index.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

const FILES = {
  "a.txt": "a\n",
  "b.txt": "b\n",
  "d/e.txt": "e\n",
  "d/f/g.txt": "g\n",
  "d.txt": "x\n",
  "z/y.txt": "y\n",
};

test("a batch gives the commits, trees and outcomes that one merge after the other gives, and is durable", async () => {
  using o = await opened(FILES);
  const lanes = [
    commitOn(o.git, "l0", o.base, { "d/e.txt": "E\n", "d/new.txt": "n\n" }),
    commitOn(o.git, "l1", o.base, { "z/y.txt": "Y\n", "d/f/h.txt": "h\n", "q/r.txt": "r\n" }),
    commitOn(o.git, "l2", o.base, { "d/e.txt": "other\n" }),
    commitOn(o.git, "l3", o.base, { "b.txt": null }),
    o.base,
    commitOn(o.git, "l4", o.base, { "a.txt": "A\n" }),
  ];
  using hub = await openHub(o.repo);
  const { landed, results } = await hub.mergeMany({
    ours: o.base,
    merges: lanes.map((theirs, i) => ({ theirs, message: `Land ${i}\n` })),
  });
  expect(results.map(({ kind }) => kind)).toEqual([
    "merged",
    "merged",
    "conflicted",
    "merged",
    "alreadyMerged",
    "merged",
  ]);
  expect(results[2]).toMatchObject({ files: [{ path: "d/e.txt", reason: "contents" }] });
  let one = o.base;
  for (const [index, theirs] of lanes.entries()) {
    const merge = await hub.merge({ ours: one, theirs });
    const batched = results[index]!;
    expect(batched.kind).toBe(merge.kind);
    if (merge.kind !== "merged" || batched.kind !== "merged") continue;
    expect(batched.tree).toBe(merge.tree);
    expect(o.git.git(["log", "-1", "--format=%P|%s", batched.commit])).toMatch(new RegExp(`\\|Land ${index}$`));
    one = await hub.commit({ tree: merge.tree, parents: [one, theirs], message: "one by one\n" });
  }
  expect(o.git.git(["rev-parse", `${landed}^{tree}`])).toBe(o.git.git(["rev-parse", `${one}^{tree}`]));
  o.git.git(["update-ref", "refs/orch/landed/main", landed]);
  o.git.git(["fsck", "--strict"]);
  o.git.git(["prune-packed"]);
  expect(o.git.git(["rev-list", "--count", `${o.base}..${landed}`])).toBe("8");
});

const path = fc.constantFrom(
  "a.txt",
  "b.txt",
  "d/e.txt",
  "d/f/g.txt",
  "d.txt",
  "z/y.txt",
  "d/new.txt",
  "n/m.txt",
  "z/deep/p.txt",
  "d/f/k.txt",
);
const edits = fc.dictionary(path, fc.option(fc.constantFrom("one\n", "two\n", "a\n", "e\n"), { nil: null, freq: 6 }), {
  maxKeys: 4,
});

test("whatever two lanes did, the batch comes to git's own result", async () => {
  using o = await opened(FILES);
  using hub = await openHub(o.repo);
  let number = 0;
  const laneOf = (o: Opened, changes: Record<string, string | null>) => {
    number += 1;
    const known = Object.fromEntries(Object.entries(changes).filter(([name, text]) => text !== null || name in FILES));
    return commitOn(o.git, `lane-${number}`, o.base, known);
  };
  await fc.assert(
    fc.asyncProperty(edits, edits, async (first, second) => {
      const [ours, theirs] = [laneOf(o, first), laneOf(o, second)];
      const alone = await hub.merge({ ours, theirs });
      const { results } = await hub.mergeMany({ ours, merges: [{ theirs, message: "x\n" }] });
      const batched = results[0]!;
      expect(batched.kind).toBe(alone.kind);
      if (alone.kind === "merged" && batched.kind === "merged") expect(batched.tree).toBe(alone.tree);
      if (alone.kind === "conflicted" && batched.kind === "conflicted") expect(batched.files).toEqual(alone.files);
    }),
    { numRuns: process.env["ORCHARD_LONG"] === "1" ? 500 : 25 },
  );
});

test("a criss-cross history, and one with renames, is merged by git", async () => {
  using o = await opened({ ...FILES, "old/name.txt": "1\n2\n3\n4\n5\n6\n" });
  const renamed = commitOn(o.git, "renamed", o.base, { "old/name.txt": null, "new/name.txt": "1\n2\n3\n4\n5\n6\n" });
  const edited = commitOn(o.git, "edited", o.base, { "old/name.txt": "1\n2\n3\n4\n5\nsix\n" });
  using hub = await openHub(o.repo);
  const { landed } = await hub.mergeMany({ ours: edited, merges: [{ theirs: renamed, message: "x\n" }] });
  expect(o.git.git(["cat-file", "-p", `${landed}:new/name.txt`])).toContain("six");
  const merge = (a: string, b: string) => {
    o.git.git(["checkout", "-q", "--detach", a]);
    o.git.git(["merge", "-q", "-m", "cross", b]);
    return parseOid(o.git.git(["rev-parse", "HEAD"]));
  };
  const one = commitOn(o.git, "one", o.base, { "a.txt": "A\n" });
  const two = commitOn(o.git, "two", o.base, { "b.txt": "B\n" });
  const [left, right] = [merge(one, two), merge(two, one)];
  const more = commitOn(o.git, "more", right, { "z/y.txt": "more\n" });
  const { results } = await hub.mergeMany({
    ours: commitOn(o.git, "lm", left, { "d/e.txt": "left\n" }),
    merges: [{ theirs: more, message: "x\n" }],
  });
  expect(results[0]?.kind).toBe("merged");
});
