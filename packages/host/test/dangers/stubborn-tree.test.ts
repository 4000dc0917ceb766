import { spawn } from "node:child_process";
import { once } from "node:events";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { endTree } from "../../src/processes/end-tree.ts";
import { identityOfChild, type ProcessIdentity, readIdentity } from "../../src/processes/process-identity.ts";
import { processesMarked, processTree } from "../../src/processes/process-tree.ts";
import { startedTree } from "../support/started-tree.ts";

const MARK = { variable: "ORCH_TEST_MARK", value: `tree ${process.pid}` };
const marked = (): Record<string, string> => ({ [MARK.variable]: MARK.value });

test("a tree that is deaf to SIGTERM, left its group, its session and its parents, is ended whole", async () => {
  using tree = await startedTree(marked());
  const { signalled, survivors } = await endTree(tree.root, { graceMs: 100, mark: MARK });
  expect(survivors).toEqual([]);
  expect(tree.alive()).toEqual([]);
  expect(signalled.map((one) => one.pid).sort()).toEqual([...tree.members.values()].map((one) => one.pid).sort());
});

test("negative control: killing the process group leaves the sessions, and the same look finds them", async () => {
  using tree = await startedTree();
  process.kill(-tree.root.pid, "SIGKILL");
  await until("root and child are gone", () => tree.alive().length === 2);
  expect(tree.alive()).toEqual(["orphan", "session"]);
});

test("negative control: without a list from before and without a mark the orphan is found by nobody", async () => {
  using tree = await startedTree();
  await endTree(tree.root, { graceMs: 0 });
  expect(tree.alive()).toEqual(["orphan"]);
});

test("whoever was seen in the tree before is ended without a mark, also after the root is gone", async () => {
  using tree = await startedTree();
  const also = [...processTree(tree.root.pid), ...[...tree.members.values()].filter((one) => one !== tree.root)];
  process.kill(tree.root.pid, "SIGKILL");
  await until("the root is gone", () => !tree.alive().includes("root"));
  await endTree(tree.root, { graceMs: 0, also });
  expect(tree.alive()).toEqual([]);
});

test("by the mark alone a tree is ended whose root died long ago", async () => {
  using tree = await startedTree({ ...marked(), QUIT: "1" });
  await until("the root is gone", () => !tree.alive().includes("root"));
  await endTree(tree.root, { graceMs: 50, mark: MARK });
  expect(tree.alive()).toEqual([]);
});

test("a polite process gets SIGTERM and nothing worse", async () => {
  const child = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
  const ended = once(child, "exit");
  await endTree(readIdentity(child.pid ?? 0) as ProcessIdentity, { graceMs: 60_000 });
  expect(await ended).toEqual([null, "SIGTERM"]);
});

test("who is just becoming another program when the sweep comes is not missed", async () => {
  for (let round = 0; round < 40; round += 1) {
    const mark = { variable: "ORCH_TEST_MARK", value: `exec ${process.pid} ${round}` };
    const env = { ...process.env, [mark.variable]: mark.value };
    const child = spawn("sh", ["-c", "sleep 600 & setsid sleep 600 & exit 0"], {
      stdio: "ignore",
      detached: true,
      env,
    });
    const root = identityOfChild(child.pid);
    await once(child, "exit");
    await endTree(root, { graceMs: 0, mark });
    expect([round, processesMarked(mark.variable, mark.value)]).toEqual([round, []]);
  }
});
