import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addLaneFromJson, undoOperations } from "../../src/index.ts";
import { grown } from "../grown.ts";
import { type Garden, garden } from "../harness.ts";
import { added, as, operations, undo } from "./operations.ts";

test("a lane is not put back into a circle, nor onto a lane that is gone", async () => {
  await using g = await garden();
  await added(g, "a");
  await added(g, "b", { dependsOn: ["a"] });
  await replaced(g, "b", []);
  await replaced(g, "a", ["b"]);
  const [first, , third] = await operations(g, "add-lane");
  const back = () => undo(g, { operation: third?.id ?? "" });
  await expect(back()).rejects.toMatchObject({ code: "UNDO_REFUSED", message: expect.stringContaining("in a circle") });
  await undo(g);
  await undo(g, { operation: first?.id ?? "" });
  await expect(back()).rejects.toMatchObject({ message: expect.stringContaining('depend on "a", which is gone') });
  await undo(g);
  await back();
  expect((await g.lane("b")).definition.dependsOn).toEqual(["a"]);
});

test("on a red base a landing is taken back only when that is allowed and adds no failure", async () => {
  await using g = await garden({ config: { verify: ["test ! -e broken", "test ! -e needs-a || test -e a.txt"] } });
  await grown(g, "a", { "a.txt": "1" });
  await as(g, "merge", () => g.merge());
  g.repo.commit("broken", { broken: "" });
  const before = g.at("main");
  const allowed = () => undoOperations(g.worker(), { last: 1 }, { dryRun: false, revert: false, allowRedBase: true });
  const [merge] = await operations(g, "merge");
  await expect(undo(g)).rejects.toMatchObject({
    code: "UNDO_RED",
    hint: expect.stringContaining(`orch undo ${merge?.id} --allow-red-base`),
  });
  expect(g.at("main")).toBe(before);
  g.repo.commit("needs it", { "needs-a": "" });
  await expect(allowed()).rejects.toMatchObject({ code: "UNDO_RED", message: expect.stringContaining("needs-a") });
  g.repo.git(["rm", "-q", "needs-a"]);
  g.repo.commit("needs it no more");
  expect(await allowed()).toMatchObject({ kind: "undone", plan: { landing: { how: "revert" } }, isUnverified: false });
  expect((await g.lane("a")).merge).toBeUndefined();
});

test("work whose landing a commit took out, and that conflicts when it lands again, is resolved by hand like any other", async () => {
  await using g = await garden({ files: { "same.txt": "old\n" } });
  await grown(g, "a", { "same.txt": "a\n", "a.txt": "1" });
  await as(g, "merge", () => g.merge());
  // There is no verify command, and it says so.
  expect(await undo(g, { last: 1 }, { revert: true })).toMatchObject({ isUnverified: true });
  g.repo.commit("by hand", { "same.txt": "by hand\n" });
  const landing = await as(g, "merge", () => g.merge({ resolve: "hand" }));
  expect(landing.conflicted).toMatchObject([{ lane: "a", conflict: { files: ["same.txt"] } }]);
  const folder = landing.conflicted[0]?.resolveIn ?? "";
  const git = (...args: string[]) => g.repo.git(args, { cwd: folder });
  expect(git("status", "--porcelain").split("\n").sort()).toEqual(["A  a.txt", "UU same.txt"]);
  expect((await g.merge()).waiting[0]?.reason).toContain("not resolved yet");
  writeFileSync(join(folder, "same.txt"), "both\n");
  git("add", "same.txt");
  git("-c", "core.editor=true", "merge", "--continue");
  expect(await as(g, "merge", () => g.merge())).toMatchObject({ landed: [{ lane: "a" }], base: { kind: "current" } });
  expect([g.repo.read("same.txt"), g.repo.read("a.txt")]).toEqual(["both\n", "1"]);
  await undo(g);
  expect(g.repo.read("same.txt")).toBe("by hand\n");
});

async function replaced(g: Garden, id: string, dependsOn: readonly string[]): Promise<void> {
  const json = JSON.stringify({ tasks: [id], command: ["true"], dependsOn });
  await as(g, "add-lane", () => addLaneFromJson(g.orchard, id, json, { replace: true, source: "test" }));
}
