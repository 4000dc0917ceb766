import { expect, test } from "vitest";
import { branchRef, branchTips, containedIn, type Oid } from "../../src/index.ts";
import { commitOn, opened } from "../helpers/opened.ts";

const UNKNOWN = "5".repeat(40) as Oid;

test("says which of hundreds of commits a head contains, itself and merged ones too", async () => {
  using o = await opened();
  let tip = o.base;
  const own: Oid[] = [];
  for (let n = 0; n < 3; n += 1) {
    tip = commitOn(o.git, "own", tip, { [`${n}.txt`]: "x\n" });
    own.push(tip);
  }
  const side = commitOn(o.git, "side", o.base, { "side.txt": "s\n" });
  const head = o.git.git(["commit-tree", "-p", tip, "-p", side, "-m", "merge", `${tip}^{tree}`]) as Oid;
  const ahead = commitOn(o.git, "ahead", head, { "ahead.txt": "a\n" });
  const elsewhere = commitOn(o.git, "elsewhere", o.base, { "e.txt": "e\n" });
  const many = Array.from({ length: 400 }, (_, n) => [...own, side, ahead, elsewhere][n % 6]!);
  const found = await containedIn(o.repo, { commits: [...many, head, o.base], head });
  expect(found).toEqual(new Set([...own, side, head, o.base]));
});

test("what is not here, or is no commit, is not contained and does not throw", async () => {
  using o = await opened();
  const tree = o.git.git(["rev-parse", "HEAD^{tree}"]) as Oid;
  expect(await containedIn(o.repo, { commits: [UNKNOWN, tree, o.base], head: o.base })).toEqual(new Set([o.base]));
  expect(await containedIn(o.repo, { commits: [UNKNOWN], head: o.base })).toEqual(new Set());
  expect(await containedIn(o.repo, { commits: [o.base], head: UNKNOWN })).toEqual(new Set());
  expect(await containedIn(o.repo, { commits: [], head: o.base })).toEqual(new Set());
});

test("gives every local branch and nothing else, also one that is packed or oddly named", async () => {
  using o = await opened();
  const one = commitOn(o.git, "one", o.base, { "1.txt": "1\n" });
  o.git.git(["pack-refs", "--all"]);
  o.git.git(["branch", "deep/ünïcode-名前", one]);
  o.git.git(["tag", "v1", one]);
  o.git.git(["update-ref", "refs/orch/landed/main", one]);
  o.git.git(["update-ref", "refs/remotes/origin/main", one]);
  expect(await branchTips(o.repo)).toEqual(
    new Map([
      [branchRef("main"), o.base],
      [branchRef("one"), one],
      [branchRef("deep/ünïcode-名前"), one],
    ]),
  );
});
