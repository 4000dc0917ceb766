import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";

const TEN = "1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n";
const LANDED = TEN.replace("2\n", "two\nof a\n");
const FILES = { "list.txt": TEN };

type Way = (git: (...args: readonly string[]) => void, folder: string) => void;
const OWN = { "b.txt": "of its own\n" };
const BOTH = ["a", "other"];
const merges: Way = (git) => git("merge", "-q", "-m", "bring main in", "main");

/** A lane that began before "a" landed, brought the base in and came out with less than both. */
const WAYS: readonly [string, Way, Readonly<Record<string, string>>, readonly string[]][] = [
  ["a merge of the base resolved with ours", (git) => git("merge", "-q", "-s", "ours", "-m", "in", "main"), OWN, BOTH],
  ["its old tree committed on top of the new base", (git) => git("reset", "-q", "--soft", "main"), OWN, BOTH],
  ["an older copy of a file put over the new one", merges, { "list.txt": TEN.replace("9\n", "nine\n") }, ["a"]],
  [
    "a revert of what it brought in",
    (git, folder) => {
      merges(git, folder);
      git("revert", "--no-edit", "-m", "1", "main^1");
    },
    OWN,
    ["a"],
  ],
  [
    "the new file of the other deleted",
    (git, folder) => {
      merges(git, folder);
      rmSync(join(folder, "new.txt"));
    },
    OWN,
    ["a"],
  ],
];

async function withLanded(): Promise<{ readonly g: Garden; readonly start: string }> {
  const g = await garden({ files: FILES });
  const start = g.at("main");
  await grown(g, "a", { "list.txt": LANDED, "new.txt": "one\ntwo\n" });
  await grown(g, "other", { "other.txt": "1" });
  expect((await g.merge()).landed).toHaveLength(2);
  return { g, start };
}

test.each(WAYS)("stopped: %s", async (_, way, files, lanes) => {
  const { g, start } = await withLanded();
  await using _g = g;
  const change = (folder: string) => way((...args) => void g.repo.git(["-C", folder, ...args]), folder);
  const head = await grown(g, "stale", files, { start, change });
  const before = g.at("main");

  // Control: git itself merges it without a conflict, and the landed lines are gone.
  const tree = g.repo.git(["merge-tree", "--write-tree", "main", head]);
  expect(g.repo.git(["diff", "--name-only", "main", tree]).split("\n")).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(list|new)\.txt$/)]),
  );

  const { rejected } = await g.merge();
  expect(rejected).toMatchObject([{ lane: "stale", reason: expect.stringContaining('what lane "a"') as string }]);
  const { merge } = await g.lane("stale");
  expect(merge).toMatchObject({ cause: "silent-revert", dropped: { lanes } });
  expect(g.at("main")).toBe(before);

  const accepted = await g.merge({ acceptReverts: ["stale"] });
  expect(accepted.landed).toMatchObject([{ lane: "stale" }]);
  expect((await g.lane("stale")).merge).toMatchObject({ evidence: { reverts: lanes } });
});

test("work on what it brought in, a resolved conflict, and a lane that began later are none", async () => {
  const { g, start } = await withLanded();
  await using _g = g;
  const bring = (folder: string) => void g.repo.git(["-C", folder, "merge", "-q", "-m", "in", "main"]);
  const works = { start, change: bring };
  await grown(g, "works", { "list.txt": LANDED.replace("of a", "of both"), "new.txt": "one\ntwo\nthree\n" }, works);
  expect((await g.merge()).landed).toMatchObject([{ lane: "works" }]);

  await grown(g, "later", { "list.txt": TEN }, { change: (folder) => rmSync(join(folder, "new.txt")) });
  expect((await g.merge()).landed).toMatchObject([{ lane: "later" }]);
});
