import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { processesInside, processesMarked, processTree } from "../../src/processes/process-tree.ts";
import { startedTree } from "../support/started-tree.ts";

test("a tree is its root and its descendants, parents first; who left it by a double fork is not in it", async () => {
  using tree = await startedTree();
  const pids = processTree(tree.root.pid).map((one) => one.pid);
  expect(pids[0]).toBe(tree.root.pid);
  expect(pids).toContain(tree.members.get("child")?.pid);
  expect(pids).toContain(tree.members.get("session")?.pid);
  expect(pids).not.toContain(tree.members.get("orphan")?.pid);
});

test("members of a group stay findable by its leader's number after the leader ended", async () => {
  using tree = await startedTree({ QUIT: "1" });
  await until("the root is gone", () => !tree.alive().includes("root"));
  expect(processTree(tree.root.pid).map((one) => one.pid)).toContain(tree.members.get("child")?.pid);
});

test("an environment mark finds processes wherever they hang, and only those with exactly that value", async () => {
  using tree = await startedTree({ ORCH_TEST_MARK: "abc" });
  const found = processesMarked("ORCH_TEST_MARK", "abc").map((one) => one.pid);
  expect(found.sort()).toEqual([...tree.members.values()].map((one) => one.pid).sort());
  expect(processesMarked("ORCH_TEST_MARK", "ab")).toEqual([]);
  expect(processesMarked("TEST_MARK", "abc")).toEqual([]);
});

test("a process inside a folder is found by its working folder, beside it is not", async () => {
  using place = temporaryFolder();
  const inner = join(place.path, "a b");
  const beside = join(place.path, "a b c");
  mkdirSync(inner);
  mkdirSync(beside);
  const inside = spawn("sleep", ["601"], { cwd: inner, stdio: "ignore" });
  const outside = spawn("sleep", ["602"], { cwd: beside, stdio: "ignore" });
  try {
    await until("it works inside", () => processesInside(inner).some((one) => one.command === "sleep 601"));
    expect(processesInside(inner).map((one) => one.pid)).toEqual([inside.pid]);
    expect(processesInside(place.path)).toHaveLength(2);
  } finally {
    inside.kill("SIGKILL");
    outside.kill("SIGKILL");
  }
});
