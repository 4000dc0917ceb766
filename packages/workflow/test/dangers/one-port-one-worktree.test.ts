import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { allocatePorts } from "../../src/environment/port-registry.ts";
import { registryFor } from "../environment/ports-for-tests.ts";

const PROGRAM = join(import.meta.dirname, "..", "environment", "programs", "takes-ports.ts");
const [PROCESSES, WORKTREES] = [5, 4];

/** Ports that processes took at the same time, each for several worktrees, some of them from the dead. */
async function takenAtOnce(how: "claims" | "looks"): Promise<readonly number[]> {
  using r = await registryFor(PROCESSES * WORKTREES + 10);
  for (const name of ["dead 1", "dead 2", "dead 3"]) {
    await allocatePorts(r.registry, r.wish(name));
    rmSync(r.wish(name).worktree, { recursive: true });
  }
  const takers = Array.from({ length: PROCESSES }, (_, taker) => {
    const worktrees = Array.from({ length: WORKTREES }, (_, at) => r.wish(`w${taker}-${at}`).worktree);
    return taken([how, r.registry, String(r.first), String(r.last), ...worktrees]);
  });
  return (await Promise.all(takers)).flat();
}

function taken(argv: readonly string[]): Promise<readonly number[]> {
  const child = fork(PROGRAM, argv, { execArgv: ["--conditions=@orchard/source"], stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.once("message", (ports) => resolve(ports as number[]));
    child.once("error", reject);
    child.once("exit", (code) => code !== 0 && reject(new Error(`exit ${code}`)));
  });
}

test("of processes that want ports at once no two get the same", async () => {
  const ports = await takenAtOnce("claims");
  expect([ports.length, new Set(ports).size]).toEqual([PROCESSES * WORKTREES, PROCESSES * WORKTREES]);
});

test("control: looking for a port on which nobody listens gives several of them the same", async () => {
  const ports = await takenAtOnce("looks");
  expect(new Set(ports).size).toBeLessThan(ports.length);
});
