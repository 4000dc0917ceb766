import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { readOperations, resetTracker, runProbes, whyNotUndoable } from "../../src/index.ts";
import { type Garden, garden } from "../harness.ts";
import { added, as, undo } from "./operations.ts";

test("the newest run of a probe is taken back, though it made the probe's worktree anew: the new one stays, the old one stays aside; log and undo refuse the first run with one reason", async () => {
  await using g = await garden({ files: { "src/a.js": "// TODO: mend\n" } });
  await as(g, "probes", probe);
  g.repo.commit("one more", { "src/b.js": "// TODO: more\n" });
  const start = g.at("main");
  await as(g, "probes", probe);
  const lane = await g.lane("probe-todo");
  expect([lane.attempts.length, lane.setAside?.number]).toEqual([2, 1]);
  expect(g.at("main")).not.toBe(start);

  const [first, second] = await judged(g, "probes");
  expect(second?.why).toBe("");
  expect(first?.why).toContain('lane "probe-todo" has not landed as');
  await expect(undo(g, { operation: first?.id ?? "" })).rejects.toMatchObject({
    message: expect.stringContaining(first?.why ?? "?"),
  });
  const { plan } = await undo(g);
  expect(plan.operations).toEqual([second?.id]);
  expect(plan.steps.filter(({ kind }) => kind === "restore")).toEqual([]);
  expect(g.repo.git(["diff", "--name-only", start, "main"])).toBe("");
  const after = await g.lane("probe-todo");
  expect([after.merge, after.worktree?.path, after.setAside]).toEqual([undefined, lane.worktree?.path, lane.setAside]);
  expect(existsSync(g.worktree("probe-todo"))).toBe(true);
});

test("what log marks as undoable undo does not refuse: a lane that went on, a landing that others came on top of, and the newest names another", async () => {
  await using g = await garden();
  await added(g, "a");
  expect((await judged(g, "add-lane"))[0]?.why).toBe("");
  await as(g, "execute", () => g.execute());
  expect((await judged(g, "add-lane"))[0]?.why).toMatch(/^lane "a" went on since add-lane-/);
  await expect(undo(g)).rejects.toMatchObject({
    message: expect.stringMatching(
      /went on since add-lane-\w+; \w+-\w+, which came later, stays \(what agents did stays/,
    ),
  });
  await as(g, "merge", () => g.merge());
  await undo(g);
  expect((await judged(g, "undo"))[0]?.why).toBe("");
  await added(g, "b");
  await as(g, "execute", () => g.execute());
  await as(g, "merge", () => g.merge({ only: "b" }));
  const [back] = await judged(g, "undo");
  expect(back?.why).toContain("other work has landed since");
  await expect(undo(g, { operation: back?.id ?? "" })).rejects.toMatchObject({ code: "UNDO_REFUSED" });
  await added(g, "c");
  await as(g, "execute", () => g.execute());
  const merge = (await judged(g, "merge")).at(-1)?.id;
  await expect(undo(g)).rejects.toMatchObject({ code: "UNDO_REFUSED", hint: expect.stringContaining(`${merge}`) });
});

test("after a reset nothing before it is taken back, log says why, and undo finds nothing", async () => {
  await using g = await garden();
  await added(g, "a");
  await as(g, "execute", () => g.execute());
  await as(g, "merge", () => g.merge());
  await as(g, "reset", () => resetTracker(g.orchard));
  const [reset] = await judged(g, "reset");
  expect(reset?.why).toContain("a reset is not undone");
  expect((await judged(g, "merge"))[0]?.why).toContain("the tracker was reset since");
  await expect(undo(g, { operation: reset?.id ?? "" })).rejects.toMatchObject({ code: "UNDO_REFUSED" });
  await expect(undo(g)).rejects.toMatchObject({ code: "NOTHING_TO_UNDO" });
});

function probe(g: Garden) {
  return g.drive((driver) => runProbes(driver, { names: ["todo"], maxParallel: 4 }));
}

/** The operations of a command, oldest first, with what log says of each. */
async function judged(g: Garden, command: string) {
  const operations = await readOperations(g.orchard);
  const own = operations.list.filter((one) => one.command === command);
  return own.map((one) => ({ id: one.id, why: whyNotUndoable(one, operations) }));
}
