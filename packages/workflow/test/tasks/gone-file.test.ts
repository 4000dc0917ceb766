import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import {
  completeTask,
  nextTask,
  refreshSpecs,
  resolveTask,
  startTask,
  superviseSpec,
  whyTask,
} from "../../src/tasks/index.ts";
import { type Crew, crew, type Member, named, SPEC, TASK_FILE } from "./crew.ts";

const TASKS = `# Tasks

## Layer 1: Foundation
- [ ] T031 RunRecord model
- [ ] T032 StepRecord model
- [ ] T033 Store
`;
const now = () => new Date().toISOString();

/** Takes the file away from the main checkout and the base. */
function removeFile({ garden: { repo } }: Crew): void {
  repo.git(["rm", "-q", "-r", "specs"]);
  repo.git(["commit", "-q", "-m", "the spec is done with"]);
}

function write(root: string, text = TASKS): void {
  const file = join(root, TASK_FILE);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const offered = async ({ garden: { orchard } }: Crew) =>
  nextTask((await refreshSpecs(orchard)).progress, [SPEC], "anybody")?.task;

/** Everybody's copy of the file. */
function removeCopies(...members: readonly Member[]): void {
  for (const { path } of members) rmSync(join(path, "specs"), { recursive: true, force: true });
}

test("the tasks of a file that is gone everywhere are offered no more; what is held is kept, and it comes back", async () => {
  await using orbit = await crew(TASKS);
  const one = await orbit.member("one");
  const two = await orbit.member("two");
  await one.finish("T031", { "run.ts": "run\n" });
  await startTask(one.desk, named("T032"));
  expect(await offered(orbit)).toBe("T033");
  removeFile(orbit);
  // As long as a worktree has it, somebody works by it.
  expect(await offered(orbit)).toBe("T033");
  removeCopies(one, two);
  expect(await offered(orbit)).toBeUndefined();

  const progress = await orbit.progress();
  const spec = await orbit.spec();
  expect(spec.goneSince).toEqual(expect.any(String));
  expect(whyTask(progress, named("T033"), { now: now() })).toMatchObject({
    status: "blocked",
    sentence: `T033 is blocked by its file ${TASK_FILE}, which is gone from every checkout and the base.`,
    next: undefined,
  });
  await expect(startTask(two.desk, named("T033"))).rejects.toMatchObject({
    code: "TASK_NOT_AVAILABLE",
    message: expect.stringContaining("its file"),
  });
  expect(superviseSpec(progress, SPEC, { now: now(), signs: new Map() })).toMatchObject({
    goneSince: spec.goneSince,
    completed: 1,
    workedOn: [{ task: "T032", agent: "one" }],
  });
  const view = join(orbit.garden.repo.path, dirname(TASK_FILE), ".progress.json");
  await orbit.garden.orchard.store.refreshViews();
  expect(JSON.parse(readFileSync(view, "utf8"))).toMatchObject({
    definition: { gone_since: spec.goneSince },
    tasks: { T031: { status: "completed" }, T033: { status: "blocked", waiting_for: ["file"] } },
  });

  // Whoever holds a task of it finishes it as ever.
  one.commit({ "step.ts": "step\n" });
  await completeTask(one.desk, named("T032"));
  expect(await orbit.task("T032")).toMatchObject({ state: "completed" });
  write(orbit.garden.repo.path);
  expect(await offered(orbit)).toBe("T033");
  expect(await orbit.task("T031")).toMatchObject({ state: "completed" });
  expect((await orbit.spec()).goneSince).toBeUndefined();
});

test("back in a worktree alone, the tasks are offered as they were", async () => {
  await using orbit = await crew(TASKS);
  const one = await orbit.member("one");
  expect(await offered(orbit)).toBe("T031");
  removeFile(orbit);
  removeCopies(one);
  expect(await offered(orbit)).toBeUndefined();
  write(one.path);
  expect(await offered(orbit)).toBe("T031");
});

test("negative control: a file that is taken away while it is saved takes nothing out of offer", async () => {
  await using orbit = await crew(TASKS);
  expect(await offered(orbit)).toBe("T031");
  orbit.garden.repo.git(["rm", "-q", "--cached", "-r", "specs"]);
  orbit.garden.repo.git(["commit", "-q", "-m", "not committed any more"]);
  rmSync(join(orbit.garden.repo.path, TASK_FILE));
  const asked = offered(orbit);
  write(orbit.garden.repo.path);
  expect(await asked).toBe("T031");
});

test("a task that a living spec has is meant, whatever one without a file calls so", async () => {
  const other = "specs/002-other/agent-tasks/layered-tasks.md";
  await using orbit = await crew(TASKS, { files: { [other]: TASKS } });
  const { orchard, repo } = orbit.garden;
  const both = (await refreshSpecs(orchard)).progress;
  expect(() => resolveTask(both, "T031", {})).toThrow(expect.objectContaining({ code: "AMBIGUOUS_TASK" }));
  repo.git(["rm", "-q", "-r", dirname(TASK_FILE)]);
  repo.git(["commit", "-q", "-m", "done with"]);
  const { progress } = await refreshSpecs(orchard);
  expect(resolveTask(progress, "T031", {})).toEqual({ spec: "002-other", task: "T031" });
  expect(resolveTask(progress, "001/T031", {})).toEqual(named("T031"));
});
