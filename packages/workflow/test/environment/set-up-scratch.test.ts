import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseOid } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { setUpScratch } from "../../src/environment/set-up-scratch.ts";
import { verifyMerged } from "../../src/verify/verify-merged.ts";
import { contentAt, type Garden } from "../harness.ts";
import { equippedGarden } from "./equipped-garden.ts";

const FILES = { ".gitignore": "node_modules/\nruns\nfail*\n.env\n", "lock.json": "1\n", "src/a.txt": "a\n" };
const COUNTS = "echo $(cat lock.json) >> runs";

async function greenAt(
  g: Garden,
  commit: string,
  command = "cat .env; test -e runs",
): Promise<readonly (number | null)[]> {
  const receipts = await verifyMerged(g.worker(), "it", parseOid(commit), [command]);
  return receipts === "interrupted" ? [] : receipts.map(({ code }) => code);
}

const runsIn = (g: Garden) => contentAt(join(g.worker().scratch, "runs"));

test("the combined tree has the ignored files of now, and is set up again only for another tree", async () => {
  await using g = await equippedGarden({
    files: { ...FILES, ".worktreeinclude": ".env\n" },
    config: { setup: COUNTS, ports: ["PORT"] },
  });
  writeFileSync(join(g.repo.path, ".env"), "one\n");
  const first = g.at("HEAD");
  expect(await greenAt(g, first, 'test "$(cat .env)" = one && test -n "$PORT"')).toEqual([0]);
  writeFileSync(join(g.repo.path, ".env"), "another\n");
  expect(await greenAt(g, first, 'test "$(cat .env)" = another')).toEqual([0]);
  expect(runsIn(g)).toBe("1\n");
  const second = g.repo.commit("more", { "src/b.txt": "b\n" });
  expect([await greenAt(g, second), await greenAt(g, first)]).toEqual([[0], [0]]);
  expect(runsIn(g)).toBe("1\n1\n1\n");
});

test("with setupInputs it is set up again only when one of them changed", async () => {
  await using g = await equippedGarden({
    files: FILES,
    config: { setup: COUNTS, setupInputs: ["lock.json", "tools/"] },
  });
  const first = g.at("HEAD");
  const other = g.repo.commit("more", { "src/b.txt": "b\n", "lock.jsonx": "no input\n" });
  const newer = g.repo.commit("newer", { "lock.json": "2\n" });
  const tools = g.repo.commit("tools", { "tools/x.sh": "x\n" });
  for (const commit of [first, other, newer, tools, tools]) await greenAt(g, commit);
  expect(runsIn(g)).toBe("1\n2\n2\n");
});

test("an input that is the repository itself counts every file", async () => {
  await using g = await equippedGarden({ files: FILES, config: { setup: COUNTS, setupInputs: ["./"] } });
  const first = g.at("HEAD");
  const other = g.repo.commit("more", { "src/b.txt": "b\n" });
  for (const commit of [first, other, other]) await greenAt(g, commit);
  expect(runsIn(g)).toBe("1\n1\n");
});

test("set-up that fails is red for the tree, with its output; one that fails once is tried again", async () => {
  const command =
    "echo tried >> runs; test -e failed-once || { touch failed-once; exit 1; }; cat fail.txt && exit 3 || true";
  await using g = await equippedGarden({ files: FILES, config: { setup: command } });
  const first = g.at("HEAD");
  expect([await greenAt(g, first), runsIn(g)]).toEqual([[0], "tried\ntried\n"]);
  g.repo.git(["add", "-f", "."]);
  const red = g.repo.commit("breaks set-up", { ".gitignore": "runs\nfailed-once\n", "fail.txt": "no such package\n" });
  const receipts = await verifyMerged(g.worker(), "it", parseOid(red), ["true"]);
  expect(receipts).toEqual([expect.objectContaining({ commit: red, command, code: 3, tail: "no such package\n" })]);
  expect(readFileSync(join(g.place.orchestrationDir, "logs/merge-it/setup.log"), "utf8")).toBe("no such package\n");
});

test("two lanes that add different dependencies: what lands was verified with both installed", async () => {
  const setup = "rm -rf node_modules; mkdir node_modules; for each in $(ls deps); do touch node_modules/$each; done";
  const verify = "for each in $(ls deps); do test -e node_modules/$each || exit 1; done";
  await using g = await equippedGarden({ files: { ...FILES, "deps/base": "" }, config: { setup, verify: [verify] } });
  for (const id of ["one", "two"])
    await g.add(id, { command: `touch deps/${id} node_modules/${id} && git add deps && git commit -qm ${id}` });
  await g.execute();
  const { landed } = await g.merge();
  expect(landed.map(({ lane, verified }) => [lane, verified])).toEqual([
    ["one", true],
    ["two", true],
  ]);
  const scratch = { subject: "again", folder: join(g.place.worktreesDir, "verify"), commit: parseOid(g.at("HEAD")) };
  expect(await setUpScratch({ ...g.worker(), scratch: scratch.folder }, scratch)).toBe("ready");
});
