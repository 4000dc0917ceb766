import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { findConflicts } from "../../src/index.ts";
import { commits, garden, waitsFor } from "../harness.ts";

test("lanes that run are compared with what stands in their worktrees, committed or not, and with what has landed", async () => {
  await using g = await garden({ files: { "shared.txt": "first\n", "own.txt": "own\n" } });
  await g.add("landed", { tasks: ["l"], command: ["sh", "-c", commits({ "own.txt": "landed" })] });
  await g.add("one", { tasks: ["1"], command: ["sh", "-c", commits({ "shared.txt": "one" })] });
  const go = join(g.repo.path, "..", "go");
  const edits = `printf 'two\\n' > shared.txt && printf 'two\\n' > own.txt && touch '${go}-is-written' && ${waitsFor(go)}`;
  await g.add("two", { tasks: ["2"], command: ["sh", "-c", `${edits}; git add -A; git commit -qm two`] });
  const running = g.execute();
  await until("the second lane has written", () => existsSync(`${go}-is-written`));
  await until("the others are done", async () => {
    const states = [await g.lane("one"), await g.lane("landed")].map(({ state }) => state);
    return states.every((state) => state === "completed");
  });
  const found = await findConflicts(g.orchard);
  expect(found.conflicts.map(({ a, b, files }) => [a, b, files.map(({ path }) => path)])).toEqual([
    ["landed", "two", ["own.txt"]],
    ["one", "two", ["shared.txt"]],
  ]);
  expect(found.lanes.map(({ lane, uncommitted }) => `${lane} ${uncommitted}`)).toEqual(["landed 0", "one 0", "two 2"]);
  expect((await findConflicts(g.orchard, "one" as LaneId)).conflicts).toHaveLength(1);
  g.repo.write({ "../go": "" });
  await running;
  await g.merge({ only: "landed" });
  const after = await findConflicts(g.orchard);
  expect(after.conflicts.map(({ a, b }) => `${a} ${b}`)).toEqual(["one two", "two (base)"]);
  // A worktree that is no longer as git recorded it speaks by its branch, and keeps no other from being compared.
  writeFileSync(join(g.repo.path, (await g.lane("two")).worktree!.path, ".git"), "gitdir: /elsewhere\n");
  const damaged = await findConflicts(g.orchard);
  expect(damaged.lanes.map(({ lane, unread }) => [lane, unread])).toEqual([
    ["one", false],
    ["two", true],
  ]);
  expect(damaged.conflicts.map(({ a, b }) => `${a} ${b}`)).toEqual(["one two", "two (base)"]);
  await expect(findConflicts(g.orchard, "nobody" as LaneId)).rejects.toMatchObject({ code: "UNKNOWN_LANE" });
});
