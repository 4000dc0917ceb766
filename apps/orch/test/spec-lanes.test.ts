import { join } from "node:path";
import { expect, test } from "vitest";
import { orchSandbox } from "./orch-sandbox.ts";

const TASK_FILE = "specs/001-orbit/agent-tasks/layered-tasks.md";
const TASKS = `# Tasks

## Layer 1: Foundation
- [ ] T001 The model
      Dependencies: None

## Layer 2: On top
- [ ] T002 The client
      Dependencies: T001
- [ ] T003 The last word
      Dependencies: T002
`;

const ORBIT_AGENT = join(import.meta.dirname, "../../../packages/agent-cli/src/orbit-agent.ts");

/** An agent that does these tasks as far as they can be started, as its prompt says. */
function agentFor(...tasks: readonly string[]): string {
  const each = (task: string) =>
    `[ -e ${task}.txt ] || { orbit start ${task} || exit 0; echo ${task} > ${task}.txt; git add -A; git commit -qm ${task}; orbit complete ${task}; }`;
  const orbit = `orbit() { '${process.execPath}' --conditions=@orchard/source '${ORBIT_AGENT}' "$@"; }`;
  return [orbit, ...tasks.map(each)].join("\n");
}

test("lanes of spec tasks start task by task, wait for each other, land, and tick their boxes", async () => {
  using s = orchSandbox({ "README.md": "hello\n", [TASK_FILE]: TASKS });
  s.repo.git(["config", "user.name", "Ada"]);
  await s.ok("init");
  const models = JSON.stringify({ tasks: ["T001", "T003"], parallel: true, command: agentFor("T001", "T003") });
  expect(await s.ok("add-lane", "models", models)).toContain("2 tasks of spec 001-orbit (the only one that has them)");
  const twice = await s.orch(["add-lane", "more", '{"spec": "001", "tasks": ["T003"]}']);
  expect([twice.code, twice.stderr]).toEqual([3, expect.stringContaining("error[TASK_IN_LANE]")]);
  const unknown = await s.orch(["add-lane", "more", '{"spec": "001", "tasks": ["T009"]}']);
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining("error[UNKNOWN_TASK]")]);

  const parked = await s.orch(["execute"]);
  expect([parked.code, parked.stdout]).toEqual([3, expect.stringContaining("models: T003 waits for T002 (available)")]);
  expect(await s.ok("why", "models")).toContain('Lane "models" can do nothing now: T003 waits for T002 (available).');
  const { data } = await s.json<{ data: { lanes: Record<string, object> } }>("status");
  expect(data.lanes["models"]).toMatchObject({
    spec: "001-orbit",
    status: "blocked",
    state: "parked",
    parked: { waits: [{ task: "T003", on: ["T002"] }] },
  });

  const clients = JSON.stringify({ spec: "001", tasks: ["T002"], parallel: true, command: agentFor("T002") });
  await s.ok("add-lane", "clients", clients);
  expect(await s.ok("execute")).toContain("2 done");
  expect(await s.ok("status", "models")).toContain("T003 done");
  expect(await s.ok("merge")).toContain("landed");
  expect(s.repo.read(TASK_FILE)).toBe(TASKS.replaceAll("[ ]", "[x]"));
  expect(s.repo.git(["status", "--porcelain"])).toBe("");
  const progress = JSON.parse(s.repo.read("specs/001-orbit/agent-tasks/.progress.json"));
  expect(progress.tasks.T003).toMatchObject({ status: "completed", lane: "models", landed: expect.any(String) });
});
