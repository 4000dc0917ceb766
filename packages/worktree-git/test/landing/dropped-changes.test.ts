import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { droppedChanges, parseOid } from "../../src/index.ts";
import { opened } from "../helpers/opened.ts";

type Files = Readonly<Record<string, string | null>>;

const TEN = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
const at = (line: number, text: string) => TEN.replace(`${line}\n`, text);

/** Start, what landed and what would land, as whole trees over `a.txt`; and which files lose what landed. */
const CASES: readonly [string, { start?: Files; landed: Files; candidate: Files; lost: readonly string[] }][] = [
  [
    "nothing is lost where the merge has both",
    { landed: { a: at(2, "two\n") }, candidate: { a: at(2, "two\n").replace("9\n", "nine\n") }, lost: [] },
  ],
  ["an older copy of the file", { landed: { a: at(2, "two\n") }, candidate: { a: TEN }, lost: ["a"] }],
  [
    "an older copy with changes of its own",
    { landed: { a: at(2, "two\n") }, candidate: { a: at(9, "nine\n") }, lost: ["a"] },
  ],
  [
    "an older copy with changes in the next line",
    { landed: { a: at(5, "five\n") }, candidate: { a: at(6, "six\n") }, lost: ["a"] },
  ],
  [
    "lines that were put in",
    { landed: { a: at(5, "5\nnew\nlines\n") }, candidate: { a: at(9, "nine\n") }, lost: ["a"] },
  ],
  ["lines that were taken out are back", { landed: { a: at(5, "") }, candidate: { a: at(9, "nine\n") }, lost: ["a"] }],
  ["a decision about the same lines", { landed: { a: at(5, "five\n") }, candidate: { a: at(5, "FIVE\n") }, lost: [] }],
  [
    "landed lines that were worked on",
    { landed: { a: at(5, "5\nf(1)\ng(1)\n") }, candidate: { a: at(5, "5\nf(2)\ng(2)\n") }, lost: [] },
  ],
  [
    "lines that moved within the file",
    { landed: { a: at(2, "2\nnew\nlines\n") }, candidate: { a: at(9, "9\nnew\nlines\n") }, lost: [] },
  ],
  [
    "lines that moved into another file",
    { landed: { a: at(2, "2\nnew\nlines\n") }, candidate: { a: TEN, b: "new\nlines\n" }, lost: [] },
  ],
  ["a new file that is gone", { landed: { a: TEN, n: "new\n" }, candidate: { a: TEN, n: null }, lost: ["n"] }],
  [
    "a new file under another name",
    { landed: { a: TEN, n: "new\n" }, candidate: { a: TEN, n: null, m: "new\n" }, lost: [] },
  ],
  [
    "a new file under another name, worked on",
    { landed: { a: TEN, n: "x1\nx2\nx3\n" }, candidate: { n: null, m: "x1\nx2\nx4\n" }, lost: [] },
  ],
  [
    "a deleted file that is back",
    { start: { a: TEN, d: "d\n" }, landed: { d: null }, candidate: { d: "d\n" }, lost: ["d"] },
  ],
  [
    "a deleted file that somebody went on with",
    { start: { a: TEN, d: "d\n" }, landed: { d: null }, candidate: { d: "e\n" }, lost: [] },
  ],
  [
    "a binary file that is the old one",
    { start: { b: "\0one" }, landed: { b: "\0two" }, candidate: { b: "\0one" }, lost: ["b"] },
  ],
  ["blank lines say nothing", { landed: { a: at(5, "5\n\n\n") }, candidate: { a: at(9, "nine\n") }, lost: [] }],
  [
    "a file without a newline at its end",
    { start: { a: "x\ny" }, landed: { a: "x\ny\nz" }, candidate: { a: "x\ny" }, lost: ["a"] },
  ],
];

describe("what would be lost of what landed", () => {
  test.each(CASES)("%s", async (_, { start = { a: TEN }, landed, candidate, lost }) => {
    using o = await opened({ keep: "k\n" });
    const commit = (files: Files): string => {
      const there = Object.entries(files).filter((entry): entry is [string, string] => entry[1] !== null);
      for (const [path, text] of Object.entries(files))
        if (text === null) rmSync(join(o.git.path, path), { force: true });
      o.git.write(Object.fromEntries(there));
      o.git.git(["add", "-A"]);
      o.git.git(["commit", "-q", "--allow-empty", "-m", "c"]);
      return o.git.git(["rev-parse", "HEAD"]);
    };
    const [one, two, three] = [commit(start), commit(landed), commit(candidate)].map(parseOid);
    const found = await droppedChanges(o.repo, { start: one!, landed: two!, candidate: three! });
    expect(found.map(({ path }) => path)).toEqual(lost);
  });
});
