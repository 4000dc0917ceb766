import { spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
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
  await until("all is printed", () => existsSync(join(attempt.cwd, "printed")));
  await until("all is read", async () => (await attempt.text()).includes("the last word"));
  const highWater =
    Number(/VmHWM:\s+([0-9]+)/.exec(readFileSync(`/proc/${supervisor.pid}/status`, "utf8"))?.[1]) / 1024;
  expect(highWater).toBeLessThan(EMPTY_NODE_MB + 50);
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

/** What Node needs to do nothing at all, with the type stripper that only tests load. */
const EMPTY_NODE_MB = 90;

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
