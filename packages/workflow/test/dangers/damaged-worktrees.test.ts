import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { retryLane, stopLanes } from "../../src/index.ts";
import { commits, contentAt, garden } from "../harness.ts";

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

  // Tried again it stays where it is, until its .git file says again what it said.
  const [cut] = seen;
  await retryLane(g.orchard, cut!.id, { fresh: false });
  expect(await g.execute()).toMatchObject({ failed: ["cut"] });
  expect((await g.lane("cut")).attempts).toHaveLength(1);
  writeFileSync(join(g.worktree("cut"), ".git"), `gitdir: ${join(g.repo.path, ".git/worktrees/agent-cut")}\n`);
  rmSync(join(g.place.stateDir, "cut"));
  await retryLane(g.orchard, cut!.id, { fresh: false });
  await g.execute();
  expect((await g.lane("cut")).attempts).toHaveLength(2);
  expect(contentAt(join(g.repo.path, "good.txt"))).toBeUndefined();
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
