import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { beginMerge, branchRef, resolvedCommit } from "../../src/index.ts";
import { killAll, killingGit, rounds, startProgram } from "../helpers/kill.ts";
import { commitOn, type Opened, opened } from "../helpers/opened.ts";

const FILES = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => [`d${i % 6}/file ${i}.txt`, `${i}\n`.repeat(20)]),
);

/** To be taken out: half of all files, on some of which more work stands. */
function story(o: Opened) {
  const names = Object.keys(FILES);
  const change = (text: string, every: number) =>
    Object.fromEntries(names.filter((_, i) => i % every === 0).map((name) => [name, `${text}\n`.repeat(20)]));
  const base = commitOn(o.git, "one", o.base, { ...change("one", 2), "added.txt": "a\n", [names[1]!]: null });
  const ours = commitOn(o.git, "head", base, change("one and more", 6));
  return { ours, theirs: o.base, base };
}

interface Made {
  readonly index: string;
  readonly diff: string;
  readonly status: string;
  readonly head: string;
}

function made(o: Opened, path: string): Made {
  const run = (...args: string[]) => o.git.git(args, { cwd: path });
  return {
    index: run("ls-files", "--stage"),
    diff: run("diff"),
    status: run("status", "--porcelain=v2", "--branch"),
    head: readFileSync(join(run("rev-parse", "--git-dir"), "MERGE_HEAD"), "utf8"),
  };
}

/** What an undisturbed call makes, in a repository of its own. */
async function undisturbed(): Promise<Made> {
  using o = await opened(FILES);
  const path = o.lanePath("hand");
  await beginMerge(o.repo, { path, branch: branchRef("resolve-x"), ...story(o), message: "Take out" });
  return made(o, path);
}

async function expectWhole(o: Opened, path: string, sides: ReturnType<typeof story>, whole: Made): Promise<void> {
  await beginMerge(o.repo, { path, branch: branchRef("resolve-x"), ...sides, message: "Take out" });
  expect(made(o, path)).toEqual(whole);
  o.git.git(["commit", "-qa", "--no-edit"], { cwd: path });
  expect(await resolvedCommit(o.repo, { path, onto: sides.ours, theirs: sides.theirs })).toBeDefined();
}

test("killed before or after any git call, the next call makes the merge whole", async () => {
  const whole = await undisturbed();
  using folder = temporaryFolder();
  const killer = killingGit(folder.path);
  const [before, after] = [rounds(5, 1), rounds(7, 1)];
  let cut = 0;
  for (let at = 1, over = false; !over; at += 1) {
    for (const when of ["before", "after"] as const) {
      // Short: before every fifth call, after every seventh; long: all of them.
      if (at % (when === "before" ? before : after) !== 0) continue;
      using o = await opened(FILES);
      const path = o.lanePath("hand");
      const sides = story(o);
      const args = [o.git.path, path, sides.ours, sides.theirs, sides.base];
      const { code } = await startProgram("begin-merge", args, killer.env(at, when)).ended;
      over ||= code === 0;
      if (code !== 0) cut += 1;
      await expectWhole(o, path, sides, whole);
    }
  }
  expect(cut).toBeGreaterThan(3);
}, 600_000);

test("killed at random instants, the next call makes the merge whole", async () => {
  const whole = await undisturbed();
  let cut = 0;
  for (let round = 0; round < rounds(4, 40); round += 1) {
    using o = await opened(FILES);
    const path = o.lanePath("hand");
    const sides = story(o);
    const child = startProgram("begin-merge", [o.git.path, path, sides.ours, sides.theirs, sides.base]);
    await until("it began", () => existsSync(join(path, ".git")) || child.child.exitCode !== null, { every: 1 });
    await pause(Math.random() * 150); // a random instant is the point
    killAll(child);
    if ((await child.ended).code !== 0) cut += 1;
    await expectWhole(o, path, sides, whole);
  }
  expect(cut).toBeGreaterThan(0);
}, 600_000);

test("control: read-tree -m over what a killed one left half written does not go on", async () => {
  using o = await opened(FILES);
  const path = o.lanePath("hand");
  const { ours, theirs } = story(o);
  o.git.git(["worktree", "add", "-q", "-b", "resolve-x", path, ours]);
  o.git.write({ "d0/file 0.txt": "half of the new con" }, path); // written, and the index not yet swapped
  const again = () => o.git.git(["read-tree", "-m", "-u", ours, theirs], { cwd: path });
  expect(again).toThrow(/not uptodate/);
});
