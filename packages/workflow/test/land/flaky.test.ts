import { join } from "node:path";
import { flakyGates, flakyOf } from "@orchard/tracker-core";
import { parseOid } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { verifyCommit } from "../../src/verify/verify-commit.ts";
import { inScratch } from "../../src/verify/verify-merged.ts";
import { grown } from "../grown.ts";
import { contentAt, garden } from "../harness.ts";

/** Red the first time that it runs on a tree with `a.txt`, green ever after. */
const FLAKY = "test ! -e a.txt || test -e ../../.git/orch/ran || { touch ../../.git/orch/ran; exit 1; }";

test("a gate that is red and then green on the same tree counts as green and is told as flaky", async () => {
  await using g = await garden({ config: { verify: [FLAKY] } });
  await grown(g, "a", { "a.txt": "1" });
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "a", verified: true }] });
  const { merge } = await g.lane("a");
  const receipts = merge?.state === "landed" ? (merge.evidence?.receipts ?? []) : [];
  expect(receipts.map(({ code, commit }) => [code, commit])).toEqual([
    [1, g.at("main")],
    [0, g.at("main")],
  ]);
  expect(g.events).toContainEqual({ type: "gate-flaky", subject: "merge-a", command: FLAKY });
  expect(flakyGates(await g.tracker())).toEqual([{ command: FLAKY, seenIn: ["a"] }]);
});

/** Red, and mends the tree so that whoever runs it again without a clean checkout sees green. */
const MENDS_ITSELF = "grep -q good a.txt || { echo good > a.txt; echo note > new.txt; exit 1; }";

test("the second run begins at a clean checkout: what the first one changed mends nothing", async () => {
  await using g = await garden({ config: { verify: [MENDS_ITSELF] }, files: { "a.txt": "good\n" } });
  await grown(g, "a", { "a.txt": "bad\n" });
  expect(await g.merge()).toMatchObject({ landed: [], rejected: [{ lane: "a" }] });
  expect(g.events).toContainEqual(
    expect.objectContaining({ type: "warning", text: expect.stringContaining("a.txt, new.txt") as string }),
  );
  expect(g.repo.read("a.txt")).toBe("good\n");
  expect(contentAt(join(g.repo.path, "new.txt"))).toBeUndefined();

  // Control: run again in the same files, it would have counted as flaky.
  const commit = parseOid(g.at("lane-a"));
  const receipts = await inScratch(g.worker(), "control", async (scratch) => {
    await scratch.checkout(commit);
    const commands = [MENDS_ITSELF];
    const work = { subject: "control", commit, folder: scratch.path, commands, cleanAgain: async () => true };
    return verifyCommit(g.worker(), work);
  });
  expect(receipts !== "interrupted" && flakyOf(receipts)).toHaveLength(1);
});

test("files that verify makes never land, and the next verification does not find them", async () => {
  await using g = await garden({ config: { verify: ["test ! -e made.txt && echo 1 > made.txt"] } });
  await grown(g, "a", { "a.txt": "1" });
  await grown(g, "b", { "b.txt": "1" });
  expect((await g.merge()).landed).toHaveLength(2);
  expect(g.repo.git(["ls-tree", "--name-only", "main"])).not.toContain("made.txt");
  const { merge } = await g.lane("b");
  expect(merge).toMatchObject({ evidence: { receipts: [{ code: 0, changed: ["made.txt"] }] } });
});

test("a gate that runs out of time is a cause of its own", async () => {
  const limits = { freeDisk: "1MB", freeMemory: "1MB", verify: "1s" };
  await using g = await garden({ config: { limits } });
  await grown(g, "a", { "a.txt": "1" }, { verify: ["sleep 60"] });
  const reason = expect.stringContaining("out of time") as string;
  expect(await g.merge()).toMatchObject({ rejected: [{ lane: "a", reason }] });
  expect((await g.lane("a")).merge).toMatchObject({ state: "rejected", cause: "verify-timeout" });
});
