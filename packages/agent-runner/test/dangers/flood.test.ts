import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "@orchard/host";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { attemptFiles } from "../../src/index.ts";
import { testAttempt } from "../support/attempt.ts";

const CAP = 4 << 20;
const FLOOD = 300_000_000;
const LINE = "all work and no play makes a dull agent, says line after line of it";

test("an agent that prints 300 MB is never held up; memory and disk of its supervisor stay flat; the rest is told as dropped", async () => {
  const command = `yes '${LINE}' | head -c ${FLOOD}; echo; echo the last word; touch printed; until [ -e go ]; do sleep 0.05; done`;
  await using attempt = await testAttempt({ command, limits: { outputBytes: CAP } });
  using piped = onAnUnreadPipe(attempt.cwd);
  const supervisor = await attempt.start();
  await attempt.agent();
  const atTheStart = highWaterOf(supervisor);
  await until("all is printed", () => existsSync(join(attempt.cwd, "printed")));
  await until("all is read", async () => (await attempt.text()).includes("the last word"));
  expect(highWaterOf(supervisor) - atTheStart).toBeLessThan(GARBAGE_MB);
  writeFileSync(join(attempt.cwd, "go"), "");
  const end = await attempt.ended();
  // Negative control: one that prints a three hundredth of that into a pipe that nobody reads stands still.
  expect(piped.isPrinted()).toBe(false);
  expect(end).toMatchObject({ outcome: "exited", code: 0 });

  const files = attemptFiles(attempt.folder);
  const kept = [files.raw, files.events, `${files.events}.1`].map((path) =>
    existsSync(path) ? statSync(path).size : 0,
  );
  expect(Math.max(...kept)).toBeLessThan(2 * CAP);
  const events = await attempt.events();
  const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);
  const dropped = sum(events.map((event) => (event.type === "dropped" ? event.bytes : 0)));
  expect(dropped).toBeGreaterThan(0);
  const seqs = events.map((event) => event.seq);
  expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
});

/**
 * More than Node lets pile up before it collects (half of it was seen, and at which moment it collects is not ours), and
 * a third of what is printed. Counted from the start of the same process: how large an empty Node is depends on the machine.
 */
const GARBAGE_MB = 100;

/** The most memory that the process ever had, in MB. */
function highWaterOf({ pid }: ProcessIdentity): number {
  return Number(/VmHWM:\s+([0-9]+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

function onAnUnreadPipe(cwd: string): { isPrinted(): boolean } & Disposable {
  const child = spawn("sh", ["-c", `yes '${LINE}' | head -c ${FLOOD / 300}; touch piped`], {
    cwd,
    stdio: ["ignore", "pipe", "ignore"],
  });
  child.stdout.pause();
  return {
    isPrinted: () => existsSync(join(cwd, "piped")),
    [Symbol.dispose]: () => {
      child.stdout.destroy();
      child.kill("SIGKILL");
    },
  };
}
