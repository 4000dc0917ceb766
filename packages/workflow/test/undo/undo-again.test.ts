import { existsSync } from "node:fs";
import { join } from "node:path";
import { parseOid } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { commits, type Garden } from "../harness.ts";
import { as, landed, undo } from "./operations.ts";

const IS_LONG = process.env["ORCHARD_LONG"] === "1";

for (const [pushed, counts] of [
  [true, IS_LONG ? [1, 2, 3, 4] : [3]],
  [false, IS_LONG ? [1, 2, 3, 4] : [2]],
] as const)
  for (const times of counts)
    test(`after ${times} undo${times === 1 ? "" : "s"} in a row, a landing that ${pushed ? "was pushed" : "nobody has seen"} brings its files with the next merge`, async () => {
      await using g = await landed();
      if (pushed) g.repo.git(["update-ref", "refs/remotes/origin/main", g.at("main")]);
      for (let count = 1; count <= times; count++) {
        await undo(g);
        expect(whereItIs(g)).toEqual(count % 2 === 1 ? OUT : IN);
      }
      await as(g, "merge", () => g.merge());
      expect(whereItIs(g)).toEqual(IN);
      expect(await isAllThere(g, "a")).toBe(true);
    });

test("what was landed again after a commit took it back, and is moved back then, lands once more", async () => {
  await using g = await landed();
  g.repo.git(["update-ref", "refs/remotes/origin/main", g.at("main")]);
  expect((await undo(g)).plan.landing?.how).toBe("revert");
  await as(g, "merge", () => g.merge());
  expect(whereItIs(g)).toEqual(IN);
  expect((await undo(g)).plan.landing?.how).toBe("rewind");
  expect(whereItIs(g)).toEqual(OUT);
  // Its history is there and its files are not: what ancestry alone would call landed.
  const { work } = await g.lane("a");
  g.repo.git(["merge-base", "--is-ancestor", String(work?.head), "main"]);
  expect(await isAllThere(g, "a")).toBe(false);
  expect((await as(g, "merge", () => g.merge())).landed.map(({ lane }) => lane)).toEqual(["a"]);
  expect(whereItIs(g)).toEqual(IN);
  expect(await isAllThere(g, "a")).toBe(true);
});

test("a lane that depends on work which a commit took back begins with that work", async () => {
  await using g = await landed();
  g.repo.git(["update-ref", "refs/remotes/origin/main", g.at("main")]);
  await undo(g);
  const needs = ["sh", "-c", `test -e a.txt && ${commits({ "b.txt": "b" })}`];
  await as(g, "add-lane", () => g.add("b", { tasks: ["b"], command: needs, dependsOn: ["a"] }));
  await as(g, "execute", () => g.execute());
  expect(await g.lane("b")).toMatchObject({ state: "completed" });
  expect((await as(g, "merge", () => g.merge())).landed.map(({ lane }) => lane)).toEqual(["a", "b"]);
  expect(whereItIs(g)).toEqual(IN);
  expect(await isAllThere(g, "b")).toBe(true);
});

const IN = { tree: true, checkout: true };
const OUT = { tree: false, checkout: false };

function whereItIs(g: Garden) {
  const files = g.repo.git(["ls-tree", "-r", "--name-only", "main"]).split("\n");
  return { tree: files.includes("a.txt"), checkout: existsSync(join(g.repo.path, "a.txt")) };
}

/** By content, whatever the history says: bringing the lane's own patch in would change nothing. */
async function isAllThere(g: Garden, id: string): Promise<boolean> {
  const { work, worktree } = await g.lane(id);
  const [base, ours, theirs] = [worktree?.start, g.at("main"), work?.head].map((oid) => parseOid(String(oid)));
  if (base === undefined || ours === undefined || theirs === undefined) return false;
  const merged = await (await g.orchard.hub()).merge({ ours, theirs, base });
  return merged.kind === "merged" && merged.tree === g.at("main^{tree}");
}
