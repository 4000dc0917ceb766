import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { endTree } from "../../src/processes/end-tree.ts";
import { livenessOf } from "../../src/processes/liveness.ts";
import { ownIdentity, type ProcessIdentity, readIdentity } from "../../src/processes/process-identity.ts";

function bystander(): { readonly identity: ProcessIdentity } & Disposable {
  const child = spawn("sleep", ["600"], { stdio: "ignore", detached: true });
  const identity = readIdentity(child.pid ?? 0) as ProcessIdentity;
  return { identity, [Symbol.dispose]: () => void child.kill("SIGKILL") };
}

test.each<[string, Partial<ProcessIdentity>, "dead" | "unknown"]>([
  ["another start time: the number was given to a stranger", { startTime: "1" }, "dead"],
  ["an earlier boot of this host", { bootId: "11111111-2222-3333-4444-555555555555" }, "dead"],
  ["another host", { host: "elsewhere/0" }, "unknown"],
  ["another pid namespace, where the same number is somebody else", { pidNamespace: "pid:[1]" }, "unknown"],
  ["a start time that could not be read", { startTime: "" }, "unknown"],
  ["a boot that could not be read", { bootId: "unknown" }, "unknown"],
])("a live process is never signalled for an identity with %s", async (_what, change, liveness) => {
  using stranger = bystander();
  const recorded = { ...stranger.identity, ...change };
  expect(livenessOf(recorded)).toBe(liveness);
  const { signalled } = await endTree(recorded, { graceMs: 50, also: [recorded] });
  expect(signalled).toEqual([]);
  expect(livenessOf(stranger.identity)).toBe("alive");
});

test("negative control: by the number alone the stranger dies, and the same look sees it", async () => {
  using stranger = bystander();
  const recorded = { ...stranger.identity, startTime: "1" };
  process.kill(recorded.pid, "SIGKILL");
  await expect.poll(() => livenessOf(stranger.identity)).toBe("dead");
});

test("the calling process is not signalled, whatever it is asked to end", async () => {
  const { signalled } = await endTree(ownIdentity(), { graceMs: 0 });
  expect(signalled).toEqual([]);
});
