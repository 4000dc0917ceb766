import { execFileSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startNode, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { requireCleanBase, requireNoOrphans, requireSingleRuns } from "../support/checks.ts";
import { field } from "../support/field.ts";

const NAIVE = join(import.meta.dirname, "../support/naive-driver.ts");

test("control: a driver that keeps no records runs agents again that had succeeded, and the check sees it", async () => {
  await using one = await field();
  one.hold("b");
  const first = startNode(NAIVE, [one.folder, "a", "b"], { cwd: one.repo.path });
  await until("a is done and b works", () => one.runs().some(({ lane }) => lane === "b"));
  first.child.kill("SIGKILL");
  await first.ended;
  requireSingleRuns(one.runs());
  await expect(requireNoOrphans(one)).rejects.toThrow("agent.sh");
  one.release("b");
  const second = startNode(NAIVE, [one.folder, "a", "b"], { cwd: one.repo.path });
  expect(await second.ended).toEqual({ code: 0, signal: null });
  expect(() => requireSingleRuns(one.runs())).toThrow("after it had succeeded");
}, 120_000);

test("control: git merge in the checkout, killed half-way, leaves what the check of the base sees", async () => {
  await using one = await field();
  const { repo } = one;
  repo.git(["checkout", "-q", "-b", "lane"]);
  repo.commit("work", { "work.txt": "work\n" });
  repo.git(["checkout", "-q", "main"]);
  repo.commit("other", { "other.txt": "other\n" });
  requireCleanBase(one);
  const hook = join(repo.path, ".git", "hooks", "pre-merge-commit");
  writeFileSync(hook, "#!/bin/sh\nkill -9 $PPID\n");
  chmodSync(hook, 0o755);
  expect(() =>
    execFileSync("git", ["merge", "-q", "--no-edit", "lane"], { cwd: repo.path, stdio: "ignore" }),
  ).toThrow();
  expect(() => requireCleanBase(one)).toThrow("not clean");
}, 60_000);
