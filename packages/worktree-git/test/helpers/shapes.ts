import { readFileSync, writeFileSync } from "node:fs";
import { beginMerge, branchRef, bringIn, type Hub, type Oid, resolvedCommit } from "../../src/index.ts";
import type { Opened } from "./opened.ts";
import { all, amended, applied, commitAt, commitOf, line, lines } from "./parts.ts";

/** What the base holds. */
export const FILES = { "core.txt": lines("core", 40), "names.txt": lines("names", 24), "keep.txt": "keep\n" };

/** Part `n`, on lines and in a file of its own. */
const part = (n: number) => ({
  "core.txt": line(n * 8 - 5, `core of part ${n}`),
  "names.txt": line(n * 6 - 4, `names of part ${n}`),
  [`p${n}.txt`]: `part ${n}\n`,
});

/** Beside their own lines two parts want line 37, each in its way: somebody has to resolve that. */
const contested = (n: number) => ({
  ...part(n),
  "core.txt": all(line(n * 8 - 5, `core of part ${n}`), line(37, `contested by ${n}`)),
});
export const RESOLVED = "contested by 2 and 3";

export interface Grown {
  readonly one: Oid;
  /** Every head that contains the first part, oldest first, with what it consists of besides. */
  readonly heads: readonly {
    readonly head: Oid;
    readonly picks: readonly Oid[];
    readonly onHeads: readonly number[];
  }[];
}

export const wish = (commit: Oid) => ({ commit, message: "Bring in" });

/** Two commits; the second one proves it. */
function firstPart(o: Opened, onto: Oid): Oid {
  const half = commitAt(o, onto, { "p1.txt": "half of it\n" }, "part 1, begun");
  return commitAt(o, half, part(1), "part 1");
}

async function chain(o: Opened, hub: Hub): Promise<Grown> {
  const one = firstPart(o, o.base);
  const two = commitAt(o, commitOf(await bringIn(hub, { head: o.base, commits: [wish(one)] })), part(2), "part 2");
  const three = commitAt(o, commitOf(await bringIn(hub, { head: o.base, commits: [wish(two)] })), part(3), "part 3");
  return {
    one,
    heads: [
      { head: two, picks: [two], onHeads: [] },
      { head: three, picks: [two, three], onHeads: [0] },
    ],
  };
}

async function diamond(o: Opened, hub: Hub): Promise<Grown> {
  const one = firstPart(o, o.base);
  const start = commitOf(await bringIn(hub, { head: o.base, commits: [wish(one)] }));
  const [two, three] = [commitAt(o, start, contested(2), "part 2"), commitAt(o, start, contested(3), "part 3")];
  const joined = await resolvedByHand(o, await bringIn(hub, { head: o.base, commits: [wish(two), wish(three)] }));
  const four = commitAt(o, joined, part(4), "part 4");
  return {
    one,
    heads: [
      { head: two, picks: [two], onHeads: [] },
      { head: three, picks: [three], onHeads: [] },
      { head: four, picks: [two, joined, four], onHeads: [0, 1] },
    ],
  };
}

/** A line on which part 2 follows part 1, one that brought part 1 in, and one that joins both. */
async function twoLines(o: Opened, hub: Hub): Promise<Grown> {
  const one = firstPart(o, o.base);
  const two = commitAt(o, one, part(2), "part 2");
  const three = commitAt(o, commitOf(await bringIn(hub, { head: o.base, commits: [wish(one)] })), part(3), "part 3");
  const joined = commitOf(await bringIn(hub, { head: three, commits: [wish(two)] }));
  const four = commitAt(o, joined, part(4), "part 4");
  return {
    one,
    heads: [
      { head: two, picks: [two], onHeads: [] },
      { head: three, picks: [three], onHeads: [] },
      { head: four, picks: [three, two, four], onHeads: [0] },
    ],
  };
}

async function resolvedByHand(o: Opened, outcome: Awaited<ReturnType<typeof bringIn>>): Promise<Oid> {
  if (outcome.kind !== "conflicted") throw new Error("It was to conflict.");
  const { onto, theirs } = outcome;
  const path = o.lanePath("joined");
  await beginMerge(o.repo, { path, branch: branchRef("joined"), ours: onto, theirs, message: "Join" });
  const file = `${path}/core.txt`;
  writeFileSync(file, readFileSync(file, "utf8").replace(/<<<<<<<[\s\S]*>>>>>>> .*/, RESOLVED));
  o.git.git(["commit", "-qam", "Join"], { cwd: path });
  return (await resolvedCommit(o.repo, { path, onto, theirs }))!;
}

export interface Change {
  /** What the first part gives way to. */
  readonly to: Oid;
  /** Where the base branch stands by then. */
  readonly main: Oid;
  /** What the oracle applies the other parts' patches to. */
  readonly ground: Oid;
}

const progress = { "core.txt": line(40, "progress of main"), "main.txt": "main\n" };

/** What may become of the first part. */
export const CHANGES: Readonly<Record<string, (o: Opened, one: Oid) => Change>> = {
  amend: (o, one) => {
    const edit = { "core.txt": all(line(3, "core of part 1, amended"), line(5, "more")), "p1.txt": "amended\n" };
    const to = amended(o, one, edit);
    return { to, main: o.base, ground: to };
  },
  "amend + rename": (o, one) => {
    o.git.git(["checkout", "-q", "--detach", one]);
    o.git.write({ "renamed/.keep": "" });
    o.git.git(["mv", "names.txt", "renamed/names.txt"]);
    o.git.git(["mv", "p1.txt", "renamed/q1.txt"]);
    o.git.git(["rm", "-qf", "--ignore-unmatch", "renamed/.keep"]);
    o.git.git(["commit", "-q", "--amend", "--no-edit"]);
    const to = amended(o, o.git.git(["rev-parse", "HEAD"]) as Oid, { "core.txt": line(3, "core of part 1, renamed") });
    return { to, main: o.base, ground: to };
  },
  rebase: (o, one) => {
    const main = commitAt(o, o.base, progress, "progress");
    const to = applied(
      o,
      main,
      [`${one}~` as Oid, one].map((each) => o.git.git(["rev-parse", each]) as Oid),
    );
    return { to, main, ground: to };
  },
  "squash-merge": (o, one) => {
    const main = commitAt(o, o.base, progress, "progress");
    o.git.git(["checkout", "-q", "--detach", main]);
    o.git.git(["merge", "-q", "--squash", one]);
    o.git.git(["commit", "-q", "-m", "part 1 (#7)"]);
    const to = o.git.git(["rev-parse", "HEAD"]) as Oid;
    return { to, main: commitAt(o, to, { "later.txt": "later\n" }, "later"), ground: to };
  },
  revert: (o, one) => {
    o.git.git(["checkout", "-q", "--detach", commitAt(o, o.base, progress, "progress")]);
    o.git.git(["merge", "-q", "--no-ff", "-m", "merge part 1", one]);
    o.git.git(["revert", "--no-edit", "-m", "1", "HEAD"]);
    return { to: o.base, main: o.git.git(["rev-parse", "HEAD"]) as Oid, ground: o.base };
  },
  reject: (o) => ({ to: o.base, main: o.base, ground: o.base }),
};

/** How later parts came to be built on the first one. */
export const SHAPES = { "a chain of 3": chain, "a diamond": diamond, "two lines": twoLines };
