import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cleanUp, restoreWorktree } from "../../src/index.ts";
import { commits, contentAt, type Garden } from "../harness.ts";
import { equippedGarden } from "./equipped-garden.ts";

const worktrees = (g: Garden) => readdirSync(g.place.worktreesDir).filter((name) => name !== "verify");

test("what landed and was cleaned up is the next lane's worktree, set up anew; what was ignored in it is in the trash", async () => {
  await using g = await equippedGarden({
    files: { ".gitignore": "runs\nleft\n" },
    config: { pool: 1, setup: "test ! -e left && echo set up >> runs", ports: ["PORT"] },
  });
  await g.add("a", { command: `touch left; ${commits({ "a.txt": "a" })}` });
  await g.execute();
  await g.merge();
  expect((await cleanUp(g.orchard, { rescue: false, dryRun: false })).removed).toHaveLength(1);
  expect(worktrees(g)).toEqual(["pool-1"]);
  await g.add("b", { command: commits({ "b.txt": "b" }) });
  expect((await g.execute()).completed).toContain("b");
  expect(worktrees(g)).toEqual(["agent-b"]);
  expect([contentAt(join(g.worktree("b"), "a.txt")), contentAt(join(g.worktree("b"), "runs"))]).toEqual([
    "a\n",
    "set up\n",
  ]);
  expect((await g.merge()).landed.map(({ lane }) => lane)).toEqual(["b"]);
  const [removal] = (await g.tracker()).removals;
  await restoreWorktree(g.worker(), { name: "a", number: removal?.number ?? 0 });
  expect([existsSync(join(g.worktree("a"), "left")), contentAt(join(g.worktree("a"), "a.txt"))]).toEqual([true, "a\n"]);
});

test("without a pool, or with work that has not landed, nothing is kept", async () => {
  await using g = await equippedGarden();
  await g.add("a", { command: commits({ "a.txt": "a" }) });
  await g.execute();
  await g.merge();
  await cleanUp(g.orchard, { rescue: false, dryRun: false });
  expect(worktrees(g)).toEqual([]);
  writeFileSync(join(g.repo.path, "orch.config.jsonc"), JSON.stringify({ pool: 3 }));
  await g.reopen();
  await g.add("b", { command: commits({ "b.txt": "b" }) });
  await g.execute();
  await cleanUp(g.orchard, { rescue: true, dryRun: false });
  expect(worktrees(g)).toEqual([]);
});
