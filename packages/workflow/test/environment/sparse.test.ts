import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { commits } from "../harness.ts";
import { equippedGarden } from "./equipped-garden.ts";

test("a lane holds the folders of the configuration and of its files; it lands into the whole tree, verified whole", async () => {
  await using g = await equippedGarden({
    files: { "apps/a/a.txt": "a\n", "apps/b/b.txt": "b\n", "libs/l.txt": "l\n" },
    config: { sparse: ["libs"] },
  });
  const verify = ["test -e libs/l.txt"];
  await g.add("x", {
    files: ["apps/a/a.txt", "docs/*.md", "../out/x"],
    verify,
    command: commits({ "apps/a/a.txt": "new" }),
  });
  expect((await g.execute()).completed).toEqual(["x"]);
  const holds = (path: string) => existsSync(join(g.worktree("x"), path));
  expect(["libs/l.txt", "apps/a/a.txt", "apps/b/b.txt", "README.md"].map(holds)).toEqual([true, true, false, true]);
  expect((await g.merge()).landed.map(({ lane }) => lane)).toEqual(["x"]);
  expect(g.repo.git(["ls-tree", "-r", "--name-only", "HEAD"]).split("\n")).toContain("apps/b/b.txt");
  expect(existsSync(join(g.place.worktreesDir, "verify", "apps/b/b.txt"))).toBe(true);
});
