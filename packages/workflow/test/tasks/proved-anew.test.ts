import { expect, test } from "vitest";
import { completeTask, flagsOf, refreshSpecs, startTask } from "../../src/tasks/index.ts";
import { sightWorld } from "../../src/tasks/sight-world.ts";
import { crew, named } from "./crew.ts";

const TASKS = `# Tasks

- [ ] T001 the model
- [ ] T002 the client
      Dependencies: T001
- [ ] T003 the page
      Dependencies: T001
`;

test("a completed task is proved by another commit when its holder says so; whoever built on the old one is told", async () => {
  await using orbit = await crew(TASKS);
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await one.finish("T001", { "model.ts": "1\n" });
  const first = one.git("rev-parse", "HEAD");
  await startTask(two.desk, named("T003"));
  const second = one.commit({ "model.ts": "2\n" });
  expect((await orbit.task("T001"))?.work?.commit).toBe(first);

  expect(await completeTask(one.desk, named("T001"), { commit: second.slice(0, 12) })).toMatchObject({
    commit: second,
    repeated: false,
    outdated: [two.path],
  });
  expect(await orbit.task("T001")).toMatchObject({ state: "completed", work: { commit: second } });
  expect(one.git("for-each-ref", "--points-at", second, "--format=%(refname)", "refs/orch/work")).not.toBe("");
  expect(flagsOf(await orbit.progress(), two.desk.asker.place.worktree)).toMatchObject([
    { task: "T001", why: "replaced", commit: first, restack: true },
  ]);
  // Said again it changes nothing; a commit of elsewhere proves nothing.
  const before = (await orbit.garden.orchard.folded()).state.progress.updatedAt;
  expect(await completeTask(one.desk, named("T001"), { commit: second })).toMatchObject({ repeated: true });
  expect((await orbit.garden.orchard.folded()).state.progress.updatedAt).toBe(before);
  const elsewhere = two.commit({ "page.ts": "page\n" });
  await expect(completeTask(one.desk, named("T001"), { commit: elsewhere })).rejects.toMatchObject({
    code: "BAD_COMMIT",
  });
  expect((await orbit.task("T001"))?.work?.commit).toBe(second);
});

test.each<[string, (git: (...args: string[]) => string) => void]>([
  [
    "an amend of the older of two",
    (git) => git("-c", "sequence.editor=true", "rebase", "-q", "--onto", "main", "HEAD~2"),
  ],
  [
    "a squash of both",
    (git) => {
      git("reset", "-q", "--soft", "HEAD~2");
      git("commit", "-q", "-m", "both at once");
    },
  ],
])("after %s, tasks of one branch contain each other as they are now", async (_what, rewrite) => {
  await using orbit = await crew(TASKS);
  const one = await orbit.member("one");
  await one.finish("T001", { "model.ts": "1\n" });
  await one.finish("T002", { "client.ts": "1\n" });
  const old = (await orbit.task("T001"))?.work?.commit ?? "";
  expect((await orbit.task("T002"))?.work?.contains).toMatchObject([{ task: "T001", commit: old }]);
  orbit.garden.repo.commit("elsewhere", { "README.md": "newer\n" });
  rewrite(one.git);

  await refreshSpecs(orbit.garden.orchard);
  await sightWorld(orbit.garden.orchard);
  const now = (await orbit.task("T001"))?.work?.commit ?? "";
  expect(now).not.toBe(old);
  expect(one.git("merge-base", "--is-ancestor", now, "HEAD")).toBe("");
  expect((await orbit.task("T002"))?.work?.contains).toMatchObject([{ task: "T001", commit: now }]);
  // Whoever starts on it gets what is there now, and nothing is out of step.
  const two = await orbit.member("two");
  expect(await startTask(two.desk, named("T003"))).toMatchObject({ kind: "started", came: [{ task: "T001" }] });
  expect(flagsOf(await orbit.progress(), two.desk.asker.place.worktree)).toEqual([]);
});
