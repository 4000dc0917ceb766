import { existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import type { Lane } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { readLastWord } from "../../src/execute/last-word.ts";
import { restoreWorktree, retryLane, stopLanes } from "../../src/index.ts";
import { commits, contentAt, type Garden, garden } from "../harness.ts";

const attemptOf = ({ place }: Garden, { attempts }: Lane) => join(place.attemptsDir, attempts.at(-1)?.token ?? "");

/** Does `first` in its first attempt; a second one, wherever it stands, commits to whatever git finds there. */
const thenCommits = (id: string, first: string) =>
  `if [ -e "$ORCH_REPO/.git/orch/${id}" ]; then git commit -q --allow-empty -m astray; else touch "$ORCH_REPO/.git/orch/${id}"; ${first}; fi`;

test("a worktree that an agent damaged is not used again, and ends nobody else's work", async () => {
  await using g = await garden({ config: { attempts: 2 } });
  const lanes = {
    cut: thenCommits("cut", "rm .git; exit 1"),
    gone: thenCommits("gone", 'rm -rf "$PWD"; exit 1'),
    lost: thenCommits("lost", 'rm -rf "$(git rev-parse --git-dir)"'),
    astray: thenCommits("astray", "git checkout -q --ignore-other-worktrees main; exit 1"),
    good: commits({ "good.txt": "1" }),
  };
  for (const [id, command] of Object.entries(lanes)) await g.add(id, { command });
  const main = g.at("main");
  expect(await g.execute({ maxParallel: 5 })).toMatchObject({
    completed: ["good"],
    failed: ["cut", "gone", "lost", "astray"],
  });
  expect([g.at("main"), g.repo.git(["status", "--porcelain"])]).toEqual([main, ""]);
  const seen = await Promise.all(Object.keys(lanes).map((id) => g.lane(id)));
  expect(seen.map(({ attempts, failure }) => [attempts.length, failure?.cause])).toEqual([
    [1, "worktree-damaged"],
    [1, "worktree-damaged"],
    [1, "worktree-damaged"],
    [1, "wrong-branch"],
    [1, undefined],
  ]);
  expect((await g.lane("gone")).failure?.reason).toMatch(/agent-gone is gone; .*orch doctor/);

  // It is not tried again, until its .git file says again what it said, or its place is free.
  const [cut, gone, lost] = seen;
  for (const { id } of [cut!, gone!, lost!])
    await expect(retryLane(g.orchard, id, { fresh: false })).rejects.toMatchObject({ code: "WORKTREE_UNUSABLE" });
  await expect(retryLane(g.orchard, gone!.id, { fresh: true })).rejects.toMatchObject({ code: "WORKTREE_UNUSABLE" });
  expect((await g.lane("cut")).state).toBe("failed");
  writeFileSync(join(g.worktree("cut"), ".git"), `gitdir: ${join(g.repo.path, ".git/worktrees/agent-cut")}\n`);
  rmSync(join(g.place.stateDir, "cut"));
  await retryLane(g.orchard, cut!.id, { fresh: false });
  await g.execute();
  expect((await g.lane("cut")).attempts).toHaveLength(2);
  expect(contentAt(join(g.repo.path, "good.txt"))).toBeUndefined();
});

test("a lane whose worktree was damaged begins anew, and the damaged one comes back whole", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  const id = "cut" as LaneId;
  await g.add(id, { command: thenWorks("echo mine > mine.txt; rm .git") });
  await g.execute();
  expect((await g.lane(id)).failure?.cause).toBe("worktree-damaged");
  await retryLane(g.orchard, id, { fresh: true });
  expect(await g.execute()).toMatchObject({ completed: [id] });
  expect(contentAt(join(g.worktree(id), "mine.txt"))).toBeUndefined();
  renameSync(g.worktree(id), join(g.place.stateDir, "second"));
  g.repo.git(["worktree", "remove", "-f", "-f", g.worktree(id)]);
  g.repo.git(["branch", "-q", "-D", "lane-cut"]);
  await restoreWorktree(g.worker(), { name: id, number: 1 });
  expect(contentAt(join(g.worktree(id), "mine.txt"))).toBe("mine\n");
  expect(g.repo.git(["status", "--porcelain"], { cwd: g.worktree(id) })).toBe("?? mine.txt");
});

/** Does `first` in its first attempt, and its work in the second. */
const thenWorks = (first: string) =>
  `if [ -e "$ORCH_REPO/.git/orch/once" ]; then ${commits({ "work.txt": "1" })}; else touch "$ORCH_REPO/.git/orch/once"; ${first}; fi`;

/** Loses its own `.git` and works on, in whatever checkout git finds then. */
const escapes =
  "rm .git; mkdir -p deep; cd deep; git reset --hard -q; cd ..; git add -A; git commit -q --allow-empty -m ESCAPED";

test("an agent that loses its .git reaches neither the person's files nor the base; one that keeps it works anywhere", async () => {
  await using g = await garden({ config: { attempts: 1, verify: [["sh", "-c", "cd deep/er && git rev-parse HEAD"]] } });
  const mine = join(g.repo.path, "README.md");
  const seen = () => [contentAt(mine), g.repo.git(["log", "-1", "--format=%s", "main"])];
  writeFileSync(mine, "not committed\n");
  const before = seen();
  await g.add("escapes", { command: escapes });
  await g.add("stays", { command: "mkdir -p deep/er; cd deep/er; echo 1 > b.txt; git add . && git commit -qm work" });
  expect(await g.execute()).toMatchObject({ completed: ["stays"], failed: ["escapes"] });
  expect(seen()).toEqual(before);
  expect(await readLastWord(attemptOf(g, await g.lane("escapes")))).toMatchObject({
    complaint: expect.stringContaining("not a git repository") as string,
  });

  // The control: without the ceiling git takes the checkout above for the lane's own.
  await g.add("control", { command: `unset GIT_CEILING_DIRECTORIES; ${escapes}` });
  expect(await g.execute()).toMatchObject({ failed: ["control"] });
  expect(seen()).toEqual(["hello\n", "ESCAPED"]);
  expect((await g.lane("control")).failure?.reason).toMatch(/main checkout moved .*"reset: .*"commit: ESCAPED"/);
});

test("an agent is stopped also where nothing of its worktree can be pinned any more", async () => {
  await using g = await garden({ config: { attempts: 1 } });
  await g.add("a", { command: 'rm .git; touch "$ORCH_REPO/.git/orch/cut"; sleep 600' });
  const driving = g.execute();
  await until("the worktree is damaged", () => existsSync(join(g.place.stateDir, "cut")), { within: 60_000 });
  const { id } = await g.lane("a");
  expect(await stopLanes(g.orchard, id, "enough")).toMatchObject({ stopped: ["a"] });
  expect(await driving).toMatchObject({ stopped: ["a"] });
  expect(g.events).toContainEqual(
    expect.objectContaining({ type: "warning", text: expect.stringContaining("not pinned") as string }),
  );
});
