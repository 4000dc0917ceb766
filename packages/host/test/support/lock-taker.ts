// A process that takes locks, told what to do by its arguments: `lock-taker.ts <kind> <scene> <path> …`.
// <kind>: ours, or raw: proper-lockfile as it comes, the negative control of every scene.
import { appendFileSync, existsSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { createFileLocks } from "@orchard/host";
import { lock } from "proper-lockfile";

const [kind, scene, path = "", ...more] = process.argv.slice(2);
const staleMs = kind === "ours" ? 300 : 2000;
const locks = createFileLocks({ staleMs: scene === "removed" ? 3000 : staleMs });
const say = (text: string): void => void process.stdout.write(`${text}\n`);

interface Taken {
  isHeld(): boolean;
  release(): Promise<void>;
}

async function tryTake(at: string): Promise<Taken | undefined> {
  if (kind === "ours") return locks.tryTake(at, { command: scene ?? "" });
  // Only the scene that shows it dies of a lost lock; the others must live on to be counted.
  const onCompromised = scene === "removed" ? {} : { onCompromised: () => undefined };
  const options = { lockfilePath: at, realpath: false, stale: 2000, ...onCompromised };
  const release = await lock(at, options).catch(() => undefined);
  return release === undefined ? undefined : { isHeld: () => true, release };
}

const scenes: Readonly<Record<string, () => Promise<void>>> = {
  /** Takes it, is stopped, goes on, gives it back, ends. */
  async stopped() {
    const held = await tryTake(path);
    say("taken");
    process.kill(process.pid, "SIGSTOP");
    say(`held: ${held?.isHeld()}`);
    await held?.release().catch(() => undefined);
  },
  /** Takes it, is stopped, goes on, ends without giving it back. */
  async exits() {
    await tryTake(path);
    say("taken");
    process.kill(process.pid, "SIGSTOP");
  },
  /** Takes it and never lets its event loop turn until a file is there. */
  async blocked() {
    await tryTake(path);
    say("taken");
    while (!existsSync(more[0] ?? ""));
  },
  /** Takes it and gives it back. */
  async once() {
    const held = await tryTake(path);
    await held?.release();
    say("given back");
  },
  /** Takes it and does nothing until it is killed. */
  async waits() {
    await tryTake(path);
    say("taken");
    await pause(600_000);
  },
  /** Takes it, loses it to somebody who removes the folder, goes on. */
  async removed() {
    const held = await tryTake(path);
    rmSync(path, { recursive: true });
    await pause(2500);
    say(`held: ${held?.isHeld()}`);
    await held?.release();
  },
  /** Tries for the lock of each round, all contenders at the same instant, and keeps what it gets. */
  async contends() {
    for (let round = 0; round < Number(more[0]); round += 1) {
      while (!existsSync(`${path}.go-${round}`));
      const held = await tryTake(`${path}.${round}`);
      if (held !== undefined) appendFileSync(`${path}.won-${round}`, `${process.pid}\n`);
      appendFileSync(`${path}.done-${round}`, "x");
    }
    await pause(600_000);
  },
  /** Adds one to a number in a file, under the lock, again and again. */
  async counts() {
    for (let turn = 0; turn < Number(more[1]); turn += 1) {
      await using _held = await locks.take(path, { command: "count", waitMs: 60_000 });
      const file = more[0] ?? "";
      const lines = readFileSync(file, "utf8").length;
      await pause(0);
      if (readFileSync(file, "utf8").length !== lines) say("not alone");
      appendFileSync(file, "x");
    }
  },
};
await scenes[scene ?? ""]?.();
process.exit(0);
