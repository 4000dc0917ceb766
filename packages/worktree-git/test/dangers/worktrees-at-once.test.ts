import { spawn } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { processTree } from "@orchard/host";
import { tried, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { addWorktree, branchRef, inspectWorktree, readWorktrees } from "../../src/index.ts";
import { killAll, rounds, startProgram } from "../helpers/kill.ts";
import { type Opened, opened } from "../helpers/opened.ts";

const AT_ONCE = 32;
const FILES = Object.fromEntries(
  Array.from({ length: 60 }, (_, i) => [`d${i % 6}/file ${i}.txt`, `${i}\n`.repeat(20)]),
);

async function expectReady(o: Opened, name: string): Promise<void> {
  const path = o.lanePath(name);
  expect(o.git.git(["status", "--porcelain"], { cwd: path })).toBe("");
  expect(o.git.git(["rev-parse", "HEAD"], { cwd: path })).toBe(o.base);
  expect(await inspectWorktree(o.repo, path)).toMatchObject({
    branch: branchRef(`lane-${name}`),
    intact: true,
    indexLock: false,
  });
}

test(`${AT_ONCE} worktrees at once from several processes are all ready, every round`, async ({ task }) => {
  tried(task, AT_ONCE * rounds(3, 20));
  using o = await opened(FILES);
  for (let round = 0; round < rounds(3, 20); round += 1) {
    const names = Array.from({ length: AT_ONCE }, (_, i) => `${round}-${i}`);
    const children = [0, 1, 2, 3].map((part) =>
      startProgram("add-worktrees", [o.git.path, ...names.filter((_, i) => i % 4 === part)]),
    );
    for (const child of children) expect(await child.ended, child.stderr()).toEqual({ code: 0, signal: null });
    expect((await readWorktrees(o.repo)).worktrees).toHaveLength(1 + (round + 1) * AT_ONCE);
    for (const name of names.filter((_, i) => i % 8 === 0)) await expectReady(o, name);
  }
  expect(readdirSync(join(o.repo.stateDir, "adding"))).toEqual([]);
  o.git.git(["fsck"]);
}, 600_000);

test("control: plain git worktree add as many times at once fails for some", async () => {
  using o = await opened(FILES);
  let failed = 0;
  for (let round = 0; round < 6 && failed === 0; round += 1) {
    const calls = Array.from({ length: AT_ONCE }, (_, i) => {
      const child = spawn("git", ["worktree", "add", "-q", "-b", `p${round}-${i}`, o.lanePath(`p${round}-${i}`)], {
        cwd: o.git.path,
        stdio: "ignore",
      });
      return new Promise<number>((resolve) => child.once("close", (code) => resolve(code ?? 1)));
    });
    failed += (await Promise.all(calls)).filter((code) => code !== 0).length;
  }
  expect(failed).toBeGreaterThan(0);
});

test("killed at random instants inside the making, the next call makes it whole, every time", async ({ task }) => {
  tried(task, rounds(12, 200));
  using o = await opened(FILES);
  let cut = 0;
  for (let round = 0; round < rounds(12, 200); round += 1) {
    const name = `k${round}`;
    const child = startProgram("add-worktrees", [o.git.path, name]);
    await until(
      "it began",
      () =>
        readdirSync(o.repo.stateDir).includes("adding") &&
        (processTree(child.pid).length > 1 || child.child.exitCode !== null),
      { every: 1 },
    );
    await pause(Math.random() * 120); // a random instant is the point
    killAll(child);
    const { code } = await child.ended;
    if (code !== 0) cut += 1;
    const request = {
      path: o.lanePath(name),
      branch: branchRef(`lane-${name}`),
      start: o.base,
      reason: `lane ${name}`,
    };
    expect(await addWorktree(o.repo, request)).toMatchObject({ head: o.base });
    await expectReady(o, name);
  }
  expect(cut).toBeGreaterThan(0);
  // One killed while it wrote its intent may leave the unfinished file beside it; no intent is left.
  expect(readdirSync(join(o.repo.stateDir, "adding")).filter((name) => name.endsWith(".json"))).toEqual([]);
  o.git.git(["fsck"]);
}, 600_000);

test("control: a plain git worktree add that was killed is not repaired by calling it again", async () => {
  using o = await opened(FILES);
  let stuck = 0;
  for (let round = 0; round < 40 && stuck === 0; round += 1) {
    const path = o.lanePath(`n${round}`);
    const child = spawn("git", ["worktree", "add", "-q", "-b", `n${round}`, path], {
      cwd: o.git.path,
      stdio: "ignore",
    });
    const ended = new Promise((resolve) => child.once("close", resolve));
    await until("its admin folder", () => readAdmins(o).includes(`agent-n${round}`) || child.exitCode !== null, {
      every: 0.5,
    });
    child.kill("SIGKILL");
    await ended;
    try {
      o.git.git(["worktree", "add", "-q", "-b", `n${round}`, path]);
    } catch {
      if (child.exitCode !== 0) stuck += 1;
    }
  }
  expect(stuck).toBeGreaterThan(0);
});

function readAdmins(o: Opened): readonly string[] {
  try {
    return readdirSync(join(o.git.path, ".git/worktrees"));
  } catch {
    return [];
  }
}

test("two processes that ask for the same worktree get the same one, made once", async () => {
  using o = await opened(FILES);
  const children = [1, 2, 3].map(() => startProgram("add-worktrees", [o.git.path, "same"]));
  for (const child of children) expect(await child.ended, child.stderr()).toEqual({ code: 0, signal: null });
  const made = children.flatMap((child) => JSON.parse(child.stdout()) as { made: boolean }[]);
  expect(made.filter((each) => each.made)).toHaveLength(1);
  await expectReady(o, "same");
});
