import { fork } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { findLane } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { portsFor } from "../../src/environment/allocate-ports.ts";
import { allocatePorts } from "../../src/environment/port-registry.ts";
import type { Orchard } from "../../src/index.ts";
import { equippedGarden } from "../environment/equipped-garden.ts";
import { registryFor } from "../environment/ports-for-tests.ts";
import { grown } from "../grown.ts";

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

/** Ports of lanes "a" and "b", where b's worktree and its port come while `a` looks at who is there. */
async function portsOfTwo(forA: (orchard: Orchard, worktree: string, range: Range) => Promise<number | undefined>) {
  await using g = await equippedGarden();
  const before = await g.tracker();
  await grown(g, "b", { "b.txt": "1" });
  let b: number | undefined;
  const late: Orchard = {
    ...g.orchard,
    tracker: async () => {
      if (b !== undefined) return g.tracker();
      b = (await portsFor(g.orchard, g.worktree("b"), ["PORT"]))["PORT"];
      return before;
    },
  };
  const [first, last] = (g.environment["ORCH_PORT_RANGE"] ?? "").split("-").map(Number);
  const a = await forA(late, g.worktree("a"), { registry: g.registry, first: first ?? 0, last: last ?? 0 });
  return { a, b };
}

interface Range {
  readonly registry: string;
  readonly first: number;
  readonly last: number;
}

test("a lane that gets its worktree and its port while another looks for one keeps it", async () => {
  const { a, b } = await portsOfTwo(async (orchard, worktree) => (await portsFor(orchard, worktree, ["PORT"]))["PORT"]);
  expect(b).toEqual(expect.any(Number));
  expect(a).not.toBe(b);
});

test("control: claims that are judged by who was there before they were read are taken over", async () => {
  const { a, b } = await portsOfTwo(async (orchard, worktree, { registry, ...range }) => {
    const known = await orchard.tracker();
    const repository = orchard.place.stateDir;
    const judge = async () => (claim: { readonly worktree: string }) =>
      findLane(known, claim.worktree.split("agent-").at(-1) ?? "") === undefined;
    return (await allocatePorts(registry, { worktree, repository, variables: ["PORT"], ...range, judge }))?.["PORT"];
  });
  expect(a).toBe(b);
});
