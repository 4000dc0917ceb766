import { spawn } from "node:child_process";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { livenessOf } from "../../src/processes/liveness.ts";
import { isSameProcess, ownIdentity, readIdentity } from "../../src/processes/process-identity.ts";
import { readProcessRow } from "../../src/processes/process-table.ts";

test("this process knows itself, by a token that an identity read from the system does not have", () => {
  const read = readIdentity(process.pid);
  expect(read).toBeDefined();
  expect(read && isSameProcess(ownIdentity(), read)).toBe(true);
  expect(read?.token).toBeUndefined();
  expect(ownIdentity().token).toMatch(/^[0-9a-f]{32}$/);
  expect(ownIdentity()).toBe(ownIdentity());
  expect(livenessOf(ownIdentity())).toBe("alive");
});

test("an identity survives being kept as JSON", () => {
  const kept = JSON.parse(JSON.stringify(ownIdentity()));
  expect(livenessOf(kept)).toBe("alive");
});

test("a process that ended is dead, and already dead while nobody has collected it", async () => {
  // The shell does not collect its child, since it is stopped: the child stays a zombie.
  const shell = spawn("sh", ["-c", "sleep 600 & echo $!; kill -STOP $$"], { stdio: ["ignore", "pipe", "ignore"] });
  try {
    const pid = await new Promise<number>((resolve) => shell.stdout.once("data", (text) => resolve(Number(text))));
    const identity = readIdentity(pid);
    if (identity === undefined) throw new Error("it sleeps for 600 s");
    await until("the shell is stopped", () => readProcessRow(shell.pid ?? 0)?.state === "stopped");
    process.kill(pid, "SIGKILL");
    await until("it is a zombie", () => readProcessRow(pid)?.state === "ended");
    expect(livenessOf(identity)).toBe("dead");
    expect(readIdentity(pid)).toBeUndefined();
  } finally {
    shell.kill("SIGKILL");
  }
});

test("a stopped process is alive and shown as stopped", async () => {
  const child = spawn("sleep", ["600"], { stdio: "ignore" });
  const identity = readIdentity(child.pid ?? 0);
  child.kill("SIGSTOP");
  await until("it is stopped", () => readProcessRow(child.pid ?? 0)?.state === "stopped");
  expect(identity && livenessOf(identity)).toBe("alive");
  child.kill("SIGKILL");
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 40])("there is no process %s", (pid) => {
  expect(readIdentity(pid)).toBeUndefined();
});
