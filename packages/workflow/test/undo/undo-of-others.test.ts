import { existsSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { happened } from "@orchard/tracker-core";
import { parseOid } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { isUndoable, readOperations, record, whyNotUndoable } from "../../src/index.ts";
import { landInTurn } from "../../src/land/land-lanes.ts";
import { landTogether } from "../../src/land/land-together.ts";
import { undoneInTheWay } from "../../src/land/undone-in-the-way.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";
import { as, operations, undo } from "./operations.ts";

test("a merge that found a lane contained in what another had landed takes no landing back, neither by log nor by undo", async () => {
  await using g = await garden();
  const head = await grown(g, "inner", { "inner.txt": "1" });
  await grown(g, "outer", { "outer.txt": "1" }, { start: head });
  const before = g.at("main");
  await as(g, "merge", () => g.merge({ only: "outer" }));
  const landed = g.at("main");
  await as(g, "merge", () => g.merge());
  expect((await g.lane("inner")).merge).toMatchObject({ state: "landed", commit: landed });
  const [outer, inner] = await operations(g, "merge");
  const all = await readOperations(g.orchard);
  expect([inner?.changes.landed, inner && isUndoable(inner, all)]).toEqual([[], false]);
  await expect(undo(g, { operation: inner?.id ?? "" })).rejects.toMatchObject({ code: "UNDO_REFUSED" });
  expect(g.at("main")).toBe(landed);
  // As a run that makes the same once more does: it has landed already, just there.
  const again = { type: "lane-landed", lane: "outer" as LaneId, head, commit: landed, verified: false } as const;
  await as(g, "probes", () => record(g.orchard, "1 lanes landed", () => happened(again)));
  expect((await operations(g, "probes"))[0]?.changes.landed).toEqual([]);
  const { plan } = await undo(g);
  expect(plan.operations).toEqual([outer?.id]);
  expect(g.at("main")).toBe(before);
  expect((await g.lane("inner")).merge).toBeUndefined();
});

test("lanes that land together and change nothing do not count as landed by that: another's landing stays when it is undone", async () => {
  await using g = await garden();
  await grown(g, "first", { "first.txt": "1" });
  await as(g, "merge", () => g.merge());
  const landed = g.at("main");
  const start = g.at("refs/orch/landed/main");
  await grownEmpty(g, "still", start);
  await grown(g, "moves", { "moves.txt": "1" }, { start });
  await as(g, "probes", () => together(g, ["still", "moves"]));
  const [run] = await operations(g, "probes");
  expect(run?.changes.landed.map(({ lane }) => lane)).toEqual(["moves"]);
  await undo(g);
  expect(g.at("refs/orch/landed/main")).toBe(landed);
  expect((await g.lane("first")).merge?.state).toBe("landed");
  await grownEmpty(g, "again", landed);
  await as(g, "probes", () => together(g, ["again"]));
  const all = await readOperations(g.orchard);
  expect(whyNotUndoable(all.list.at(-1)!, all)).not.toBe("");
});

test("work that was moved back comes with nobody who was begun on it: not with lanes that land together, not with a layer", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await as(g, "merge", () => g.merge());
  const start = g.at("refs/orch/landed/main");
  const head = await grown(g, "probe", { "probe.txt": "1" }, { start });
  await undo(g);
  const landed = g.at("refs/orch/landed/main");
  expect(await together(g, ["probe"])).toEqual([]);
  const alone = await g.drive((driver) => landInTurn(driver, "probe" as LaneId));
  expect(alone).toMatchObject({ kind: "waits", reason: expect.stringContaining('begun on work of "a"') });
  expect(await undoneInTheWay(g.orchard, { head, landed: parseOid(landed) })).toContain('work of "a"');
  expect(g.at("refs/orch/landed/main")).toBe(landed);
  expect(existsSync(join(g.repo.path, "a.txt"))).toBe(false);
  await as(g, "merge", () => g.merge({ only: "a" }));
  expect(await together(g, ["probe"])).toEqual(["probe"]);
});

function together(g: Garden, ids: readonly string[]) {
  return g.drive((driver) => landTogether(driver, ids as readonly LaneId[]));
}

/** Done, and nothing was to do: its head is where it started. */
async function grownEmpty(g: Garden, id: string, start: string): Promise<void> {
  const from = await grown(g, id, {}, { start });
  const lane = id as LaneId;
  await record(g.orchard, "nothing was to do", () => happened({ type: "work-restacked", lane, from, head: start }));
}
