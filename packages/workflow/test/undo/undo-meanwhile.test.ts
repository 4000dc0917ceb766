import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { identityOfChild, ownIdentity } from "@orchard/host";
import type { LaneId } from "@orchard/kernel";
import { startNode, until } from "@orchard/testkit";
import { happened, type RecordedProcess, type UndoPlan } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { carryLane } from "../../src/execute/carry-lane.ts";
import { prepareWorktree } from "../../src/execute/prepare-worktree.ts";
import {
  addLaneFromJson,
  cleanUp,
  examine,
  readOperations,
  record,
  restoreWorktree,
  settleUndo,
  type UndoWish,
  undoOperations,
  whyNotUndoable,
} from "../../src/index.ts";
import { landInTurn } from "../../src/land/land-lanes.ts";
import { synchronise } from "../../src/land/synchronise.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";
import { added, as, operations, undo } from "./operations.ts";

const NEVER = new AbortController().signal;

test("an undo that was cut off with what has landed moved back: a driver at work settles it before it lands, and the lane taken back is not landed", async () => {
  await using g = await twoLanes();
  await g.drive(async (driver) => {
    await cutOffAfterMoving(g);
    expect(await landInTurn(driver, "b" as LaneId)).toMatchObject({ kind: "landed" });
  });
  const { lanes, undoing } = await g.tracker();
  expect([lanes["a"]?.merge, lanes["b"]?.merge?.state, undoing]).toEqual([undefined, "landed", undefined]);
  expect(g.repo.git(["ls-tree", "--name-only", "refs/orch/landed/main"]).split("\n")).not.toContain("a.txt");
});

test("an undo that was cut off with what has landed moved back is done, whatever came on top since; one whose landing others are on is given up", async () => {
  await using g = await twoLanes();
  const after = g.at("main");
  await cutOffAfterMoving(g);
  g.repo.git(["update-ref", "refs/orch/landed/main", g.repo.commit("on top", { "top.txt": "1" })]);
  expect(await settleUndo(g.orchard, NEVER)).toMatchObject({ outcome: { kind: "done", untaken: [] } });
  expect((await g.lane("a")).merge).toBeUndefined();

  await using other = await twoLanes();
  await announce(other, await planned(other));
  const onTop = other.repo.commit("on top of it", { "top.txt": "1" });
  other.repo.git(["update-ref", "refs/orch/landed/main", onTop]);
  await expect(undo(other)).rejects.toMatchObject({
    code: "UNDO_REFUSED",
    message: expect.stringContaining("other work landed meanwhile"),
  });
  expect([(await other.lane("a")).merge?.state, other.at("main")]).toEqual(["landed", onTop]);
  expect(after).not.toBe(onTop);
});

test("the base's own commits are not brought in between the steps of an undo", async () => {
  await using g = await twoLanes();
  await cutOffAfterMoving(g);
  g.repo.commit("mine", { "mine.txt": "1" });
  expect(await synchronise(g.worker())).toMatchObject({ kind: "current" });
  const { undoing, lanes } = await g.tracker();
  expect([undoing, lanes["a"]?.merge]).toEqual([undefined, undefined]);
});

test("a lane that goes on between the plan and its announcement is not overwritten: nothing is taken back", async () => {
  await using g = await garden();
  await added(g, "a");
  const agree = async () => {
    const json = JSON.stringify({ tasks: ["another"], command: ["true"] });
    await addLaneFromJson(g.orchard, "a", json, { replace: true, source: "test" });
  };
  const going = undoOperations(g.worker(), { last: 1 }, { dryRun: false, revert: false, agree });
  await expect(going).rejects.toMatchObject({
    code: "UNDO_REFUSED",
    message: expect.stringContaining("went on since"),
  });
  expect([(await g.lane("a")).definition.tasks, (await g.tracker()).undoing]).toEqual([["another"], undefined]);
});

test("a lane that is taken out while a driver turns to it is left alone, and the driver goes on", async () => {
  await using g = await garden();
  await added(g, "a");
  await g.drive(async (driver) => {
    const before = await g.lane("a");
    await undo(g);
    await prepareWorktree(driver, before);
    await carryLane(driver, before.id, {});
  });
  expect([(await g.tracker()).lanes, existsSync(g.worktree("a"))]).toEqual([{}, false]);
});

test("what is agreed to is what is done: an operation that came after the question is not taken back in its place", async () => {
  await using g = await garden();
  await added(g, "a");
  const [first] = await operations(g, "add-lane");
  const agree = () => added(g, "later");
  const { plan } = await undoOperations(g.worker(), { last: 1 }, { dryRun: false, revert: false, agree });
  expect(plan.operations).toEqual([first?.id]);
  expect(Object.keys((await g.tracker()).lanes)).toEqual(["later"]);
});

test("while somebody stands in a worktree that would go nothing is announced; one who came after that ends the undo, and the next command works", async () => {
  await using g = await restored();
  const inside = startNode(stander(g), [], { cwd: g.worktree("a") });
  await until("somebody stands in it", () => inside.stdout() !== "");
  try {
    await expect(undo(g)).rejects.toMatchObject({
      code: "UNDO_REFUSED",
      message: expect.stringContaining("works inside"),
    });
    expect((await g.tracker()).undoing).toBeUndefined();
    const [restore] = (await operations(g, "rescue")).slice(-1);
    const steps = [{ kind: "setAside", lane: "a" as LaneId, path: ".worktrees/agent-a" }] as const;
    await announce(g, { id: "undo-1", operations: [restore?.id ?? ""], owner: ownIdentity(), steps });
    expect(await settleUndo(g.orchard, NEVER)).toMatchObject({
      outcome: { kind: "abandoned", reason: expect.stringContaining("works inside") },
    });
    expect(g.events.at(-1)).toMatchObject({ type: "warning", text: expect.stringContaining("took nothing back") });
  } finally {
    inside.child.kill("SIGKILL");
    await inside.ended;
  }
  expect((await g.tracker()).undoing).toBeUndefined();
  await undo(g);
  expect(existsSync(g.worktree("a"))).toBe(false);
});

test("a landing that would move back through a filter that nobody accepted stays, and the next command works", async () => {
  await using g = await garden({ files: { ".gitattributes": "*.bin filter=strange\n", "a.bin": "1\n" } });
  await grown(g, "a", { "a.bin": "2\n" });
  await as(g, "merge", () => g.merge());
  const landed = g.at("main");
  g.repo.git(["config", "filter.strange.smudge", "false"]);
  await g.reopen();
  await expect(undo(g)).rejects.toMatchObject({
    code: "UNDO_REFUSED",
    message: expect.stringContaining("filter.strange"),
  });
  expect([g.at("main"), g.at("refs/orch/landed/main"), (await g.tracker()).undoing]).toEqual([
    landed,
    landed,
    undefined,
  ]);
  expect((await g.lane("a")).merge?.state).toBe("landed");
});

test("a worktree whose place is taken does not come back: nothing is announced, and where it was taken later the undo says what is not done", async () => {
  await using g = await garden();
  for (const id of ["a", "b"]) await grown(g, id, { [`${id}.txt`]: "1" });
  await as(g, "merge", () => g.merge());
  await as(g, "cleanup", () => cleanUp(g.orchard, { rescue: false, dryRun: false }));
  const plan = await planned(g);
  mkdirSync(g.worktree("a"));
  await expect(undo(g)).rejects.toMatchObject({
    code: "UNDO_REFUSED",
    message: expect.stringContaining("is taken by"),
  });
  expect((await g.tracker()).undoing).toBeUndefined();
  await announce(g, plan);
  const { kind, untaken } = await undo(g);
  expect([kind, untaken?.length, existsSync(join(g.worktree("b"), "b.txt"))]).toEqual(["finished", 1, true]);
  expect((await g.lane("a")).worktree).toBeUndefined();
});

test("an operation whose driver is at work is not taken back, by log and by undo; once it has ended it is", async () => {
  await using g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await as(g, "merge", () =>
    g.drive(async (driver) => {
      await landInTurn(driver, "a" as LaneId);
      const all = await readOperations(g.orchard);
      const running = all.list.at(-1);
      expect(running && whyNotUndoable(running, all)).toContain("is still at work");
      await expect(undo(g)).rejects.toMatchObject({ code: "UNDO_REFUSED" });
    }),
  );
  expect((await undo(g)).plan.steps).toMatchObject([{ kind: "unland", lane: "a" }]);
});

test("waiting for an undo that lives ends at once when the person interrupts, as an interruption", async () => {
  await using g = await twoLanes();
  const plan = await planned(g);
  const other = startNode(stander(g), []);
  try {
    await announce(g, { ...plan, owner: identityOfChild(other.child.pid) });
    const waiting = settleUndo(g.orchard, AbortSignal.timeout(50));
    await expect(waiting).rejects.toMatchObject({ code: "INTERRUPTED", exitCode: 130 });
  } finally {
    other.child.kill("SIGKILL");
    await other.ended;
  }
  expect(await settleUndo(g.orchard, NEVER)).toMatchObject({ outcome: { kind: "done" } });
});

test("doctor tells of an undo that was cut off in place of a landing that is lost, and its repair finishes the undo", async () => {
  await using g = await twoLanes();
  await cutOffAfterMoving(g);
  const { findings } = await examine(g.place, testPorts(), { repair: false, by: "test" });
  const codes = findings.map(({ code }) => code);
  expect([codes.includes("undo-cut-off"), codes.includes("landed-moved")]).toEqual([true, false]);
  await examine(g.place, testPorts(), { repair: true, by: "test" });
  const { undoing, lanes } = await g.tracker();
  expect([undoing, lanes["a"]?.merge]).toEqual([undefined, undefined]);
  expect(existsSync(join(g.repo.path, "a.txt"))).toBe(false);
});

/** Lane `a` has landed, lane `b` is done. */
async function twoLanes(): Promise<Garden> {
  const g = await garden();
  await grown(g, "b", { "b.txt": "1" });
  await grown(g, "a", { "a.txt": "1" });
  await as(g, "merge", () => g.merge({ only: "a" }));
  return g;
}

/** Lane `a` has landed; its worktree was cleaned away and brought back. */
async function restored(): Promise<Garden> {
  const g = await garden();
  await grown(g, "a", { "a.txt": "1" });
  await as(g, "merge", () => g.merge());
  await as(g, "cleanup", () => cleanUp(g.orchard, { rescue: true, dryRun: false }));
  await as(g, "rescue", () => restoreWorktree(g.worker(), { name: "a", number: 1 }));
  return g;
}

async function planned(g: Garden, wish: UndoWish = { last: 1 }): Promise<UndoPlan> {
  return (await undoOperations(g.worker(), wish, { dryRun: true, revert: false })).plan;
}

/** As a process does that dies right after it. */
async function announce(g: Garden, undo: UndoPlan & { readonly owner: RecordedProcess }): Promise<void> {
  await record(g.orchard, "undo begins", () => happened({ type: "undo-intended", undo }));
}

/** As a process does that dies once base and landed ref have moved back. */
async function cutOffAfterMoving(g: Garden): Promise<void> {
  const plan = await planned(g);
  await announce(g, plan);
  g.repo.git(["reset", "-q", "--hard", plan.landing?.to ?? ""]);
  g.repo.git(["update-ref", "refs/orch/landed/main", plan.landing?.to ?? ""]);
}

/** A program that does nothing until it is ended. */
function stander(g: Garden): string {
  const program = join(g.place.stateDir, "stands.ts");
  writeFileSync(program, "console.log('here'); setInterval(() => undefined, 1000);");
  return program;
}
