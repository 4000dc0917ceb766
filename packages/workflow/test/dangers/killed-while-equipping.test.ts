import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { processesMarked } from "@orchard/host";
import { startNode, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { readClaims } from "../../src/environment/port-registry.ts";
import { VERIFIES } from "../../src/verify/leftovers.ts";
import { equippedGarden } from "../environment/equipped-garden.ts";
import { commits, contentAt, type Garden } from "../harness.ts";

type Equipped = Awaited<ReturnType<typeof equippedGarden>>;

async function gardenWith(setup: string): Promise<Equipped> {
  const config = { setup, ports: ["PORT", "API_PORT"] };
  const g = await equippedGarden({ files: { ".gitignore": "runs\nbegun\ngo\n" }, config });
  await g.add("a", { command: `printf '%s\n' $PORT $API_PORT > seen.txt; ${commits({ "a.txt": "a" })}` });
  return g;
}

function driver(g: Equipped, ...words: readonly string[]) {
  const { HOME, ORCH_PORT_RANGE } = g.environment;
  const program = join(import.meta.dirname, "../lanes/driver.ts");
  return startNode(program, words, { cwd: g.repo.path, env: { HOME, ORCH_PORT_RANGE } });
}

async function driveToDeath(g: Equipped, ...words: readonly string[]): Promise<void> {
  const dying = driver(g, ...words);
  const { signal } = await dying.ended;
  expect([words.join(" "), signal, dying.stderr()]).toEqual([words.join(" "), "SIGKILL", ""]);
}

const runs = (g: Garden) => contentAt(join(g.worktree("a"), "runs"));
const held = ({ registry }: Equipped) => readClaims(registry).filter(({ worktree }) => worktree !== "");

/** The lane is done, was set up so often, and holds the two ports that its agent saw, until it has landed. */
async function expectEquipped(g: Equipped, times: number): Promise<void> {
  expect((await g.execute()).completed).toEqual(["a"]);
  expect(runs(g)).toBe("set up\n".repeat(times));
  const seen = contentAt(join(g.worktree("a"), "seen.txt"))
    ?.trim()
    .split("\n")
    .map(Number);
  expect(
    held(g)
      .map(({ port }) => port)
      .sort(),
  ).toEqual(seen?.toSorted());
  expect((await g.merge()).landed).toHaveLength(1);
  const merged = join(g.place.worktreesDir, "verify");
  expect(held(g).filter(({ worktree }) => worktree !== merged)).toEqual([]);
}

test.each([
  ["before", "environment-allocated"],
  ["after", "environment-allocated"],
  ["before", "worktree-set-up"],
  ["after", "worktree-set-up"],
])("a driver that dies %s %s: set up once, no port leaks", async (...point) => {
  await using g = await gardenWith("echo set up >> runs");
  await driveToDeath(g, "execute", ...point);
  await expectEquipped(g, 1);
});

test("control: without the mark that the set-up's own shell leaves it is done twice", async () => {
  await using g = await gardenWith("echo set up >> runs");
  await driveToDeath(g, "execute", "before", "worktree-set-up");
  const marks = join(g.repo.path, ".git/worktrees/agent-a/orch");
  for (const name of readdirSync(marks)) if (name.startsWith("set-up-")) rmSync(join(marks, name));
  await expect(expectEquipped(g, 1)).rejects.toThrow("set up");
});

test("set-up that runs when its driver is killed is ended, and done from its beginning", async () => {
  await using g = await gardenWith("touch begun; while [ ! -e go ]; do sleep 0.05; done; echo set up >> runs");
  const dying = driver(g, "execute");
  await until("set-up runs", () => existsSync(join(g.worktree("a"), "begun")), { within: 60_000 });
  process.kill(dying.pid, "SIGKILL");
  await dying.ended;
  const scratch = join(g.place.worktreesDir, "verify");
  const left = processesMarked(VERIFIES, scratch);
  expect(left.length).toBeGreaterThan(0);
  rmSync(join(g.worktree("a"), "begun"));
  const going = expectEquipped(g, 1);
  await until("it is done anew", () => existsSync(join(g.worktree("a"), "begun")), { within: 60_000 });
  const pids = new Set(left.map(({ pid }) => pid));
  expect(processesMarked(VERIFIES, scratch).filter(({ pid }) => pids.has(pid))).toEqual([]);
  g.repo.write({ go: "" }, g.worktree("a"));
  await going;
});
