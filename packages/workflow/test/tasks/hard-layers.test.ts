import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readOperations, whyNotUndoable } from "../../src/index.ts";
import { completeTask, restack, startTask, syncPrs } from "../../src/tasks/index.ts";
import { crew, named } from "./crew.ts";

const TASKS = `## Layer 1: Foundation
- [ ] T001 model
- [ ] T002 store

## Layer 2: Infrastructure
- [ ] T003 client
      Dependencies: T001
`;

test("with hard layers the next opens when the one before has landed whole, in one verified merge", async () => {
  await using orbit = await crew(TASKS, {
    config: { layers: "hard", verify: ["test -f a.txt && test -f b.txt || ! test -f a.txt"] },
  });
  const { repo } = orbit.garden;
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await startTask(one.desk, named("T001"));
  expect(repo.git(["branch", "--list", "layer-*", "--format=%(refname:short)"])).toBe("layer-1-foundation");
  one.commit({ "a.txt": "a\n" });
  await completeTask(one.desk, named("T001"));
  await expect(startTask(two.desk, named("T003"))).rejects.toMatchObject({
    code: "TASK_NOT_AVAILABLE",
    message: "T003 is blocked by layer 1, which has not landed whole yet.",
  });
  expect((await orbit.garden.merge()).layers).toEqual([]);
  await startTask(two.desk, named("T002"));
  two.commit({ "b.txt": "b\n" });
  await completeTask(two.desk, named("T002"));
  expect((await orbit.garden.merge()).layers).toEqual([{ spec: "001-orbit", layer: 1, branch: "layer-1-foundation" }]);
  expect(repo.git(["log", "--merges", "--format=%s", "-1", "main"])).toBe("Land layer 1 of 001-orbit: Foundation");
  expect(repo.git(["branch", "--list", "layer-2*", "--format=%(refname:short)"])).toBe("layer-2-infrastructure");
  const operations = await readOperations(orbit.garden.orchard);
  const why = operations.list.map((operation) => whyNotUndoable(operation, operations));
  expect(why.filter((reason) => reason.startsWith("a hard layer landed whole"))).toHaveLength(1);
  const three = await orbit.member("three", { from: "layer-2-infrastructure" });
  expect(existsSync(join(three.path, "a.txt"))).toBe(true);
  expect(await startTask(three.desk, named("T003"))).toMatchObject({ kind: "started", came: [] });
});

test('with "completeOn": "merge" a task counts only once the base contains it', async () => {
  await using orbit = await crew(TASKS, { config: { completeOn: "merge" } });
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await startTask(one.desk, named("T001"));
  one.commit({ "a.txt": "a\n" });
  expect((await completeTask(one.desk, named("T001"))).unblocked).toEqual([]);
  await expect(startTask(two.desk, named("T003"))).rejects.toMatchObject({
    message: "T003 is blocked by T001 (done by @one, not merged yet).",
  });
  orbit.garden.repo.git(["merge", "-q", "--no-ff", "-m", "merge", "agent-one"]);
  expect(await startTask(two.desk, named("T003"))).toMatchObject({ kind: "started" });
});

test("the states of pull requests are read from a command; a squash takes the work's place", async () => {
  await using orbit = await crew(TASKS, { config: { prStates: "cat states.json" } });
  const { repo } = orbit.garden;
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await startTask(one.desk, named("T001"));
  one.commit({ "a.txt": "a\n" });
  one.commit({ "a.txt": "b\n" });
  await completeTask(one.desk, named("T001"), { pr: { number: 7, status: "pending_review" } });
  await startTask(two.desk, named("T003"));
  two.commit({ "c.txt": "c\n" });
  repo.git(["merge", "-q", "--squash", "agent-one"]);
  repo.write({ "a.txt": "c\n" });
  repo.git(["commit", "-qam", "With what the review asked for (#7)", "--author=Host <host@example.invalid>"]);
  const oid = repo.git(["rev-parse", "HEAD"]);
  repo.write({
    "states.json": JSON.stringify([
      { number: 7, state: "MERGED", mergeCommit: { oid }, url: "https://example.invalid/pull/7" },
    ]),
  });
  expect(await syncPrs(orbit.garden.orchard, "one")).toMatchObject([{ task: "T001", number: 7, after: "merged" }]);
  expect((await orbit.task("T001"))?.work).toMatchObject({ commit: oid, landed: { commit: oid } });
  expect(await restack(two.desk, "go")).toMatchObject({
    kind: "restacked",
    replaced: [{ task: "T001", why: "replaced" }],
  });
  expect(two.git("merge-base", "--is-ancestor", oid, "HEAD")).toBe("");
});
