import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import { happened } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { findPlace, openOrchard, record, retryLane, whyLane } from "../../src/index.ts";
import { completeTask, failTask, openDesk, reopenTask, startTask } from "../../src/tasks/index.ts";
import { waitsFor } from "../harness.ts";
import { testPorts } from "../ports.ts";
import { handLane } from "./by-hand.ts";
import { agent, line, named, specGarden } from "./spec-garden.ts";

const CHAIN = `# Tasks\n\n${line("T001")}${line("T002", ["T001"])}${line("T003", ["T002"])}`;

test("a lane starts at its first available task, and dependencies across lanes count task by task", async () => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  const log = join(orbit.outside, "log");
  // By the lanes' own order the first would wait for the second, and neither is done before the other is.
  await g.add("clients", { spec: "001", tasks: ["T002"], command: agent(`log=${log}`) });
  await g.add("models", {
    tasks: ["T001", "T003"],
    dependsOn: ["clients"],
    command: agent(`log=${log}`),
    verify: ["test -e T001.txt"],
  });
  expect((await g.lane("models")).definition.spec).toBe("001-orbit");
  expect(await g.execute()).toMatchObject({ completed: ["clients", "models"], failed: [], blocked: [] });

  const models = await g.lane("models");
  expect(models.attempts).toMatchObject([{ waited: true }, { number: 2 }]);
  expect(readFileSync(log, "utf8")).toBe("models\nclients\nmodels\n");
  // Commands have no name, so their lanes tell them apart; so they do whoever works there by hand.
  const agents = await Promise.all(["T001", "T002", "T003"].map(async (id) => (await orbit.task(id))?.work?.agent));
  expect(agents).toEqual(["models", "clients", "models"]);
  await using byHand = await openOrchard(findPlace(g.worktree("clients")), testPorts(), { by: "hand" });
  expect((await openDesk(byHand, { environment: {} })).asker.agent).toBe("clients");
  expect(existsSync(join(g.worktree("models"), "T002.txt"))).toBe(true);
  expect((await orbit.task("T003"))?.work?.contains.map(({ task }) => task).sort()).toEqual(["T001", "T002"]);
  expect(g.events.filter(({ type }) => type === "lane-waits")).toMatchObject([
    { lane: "models", reason: expect.stringContaining("T003 waits for T002") },
  ]);
  // Waiting is not verified, and costs no attempt.
  expect(g.events.filter((event) => event.type === "verifying")).toHaveLength(1);
});

test("a parked lane is named with what it waits for, and goes on when that is done", async () => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  await g.add("all", { tasks: ["T001", "T003"], command: agent() });
  const executed = await g.execute();
  expect(executed).toMatchObject({ completed: [], blocked: ["all"] });
  expect(executed.waiting).toEqual([{ lane: "all", reason: "T003 waits for T002 (available)" }]);
  expect(await g.lane("all")).toMatchObject({
    state: "parked",
    parked: { waits: [{ task: "T003", on: ["T002"] }] },
  });
  expect(whyLane((await g.orchard.folded()).state, "all", Date.now())).toMatchObject({
    status: "blocked",
    sentence: 'Lane "all" can do nothing now: T003 waits for T002 (available).',
    next: "orbit-agent why T002",
  });

  const qwen = await orbit.desk("qwen");
  await startTask(qwen, named("T002"));
  expect((await g.execute()).waiting).toMatchObject([{ reason: expect.stringContaining("in progress by @qwen") }]);
  orbit.commit(qwen, { "T002.txt": "qwen\n" });
  await completeTask(qwen, named("T002"));
  expect(await g.execute()).toMatchObject({ completed: ["all"], blocked: [], waiting: [] });
});

test("a lane goes on while the driver runs, as soon as a person's task is done", async () => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  const gate = join(orbit.outside, "gate");
  await g.add("last", { tasks: ["T002"], command: agent() });
  // Something else keeps the driver running.
  await g.add("other", { command: `${waitsFor(gate)}; true`, noChange: true });
  const running = g.execute();
  const qwen = await orbit.desk("qwen");
  await until("the driver runs", async () => (await g.lane("other")).state === "running");
  await startTask(qwen, named("T001"));
  orbit.commit(qwen, { "T001.txt": "qwen\n" });
  await completeTask(qwen, named("T001"));
  await until("the lane is done", async () => (await g.lane("last")).state === "completed", { within: 30_000 });
  writeFileSync(gate, "");
  expect(await running).toMatchObject({ completed: ["last", "other"] });
});

test("tasks that others finish while the lane is parked are not done again: its work is judged as it is", async () => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  await g.add("some", { tasks: ["T001", "T003"], command: agent(), verify: ["test -e T001.txt"] });
  await g.execute();
  const qwen = await orbit.desk("qwen");
  for (const task of ["T002", "T003"]) {
    await startTask(qwen, named(task));
    orbit.commit(qwen, { [`${task}.txt`]: "qwen\n" });
    await completeTask(qwen, named(task));
  }
  expect(await g.execute()).toMatchObject({ completed: ["some"] });
  expect((await g.lane("some")).attempts).toHaveLength(1);
});

test("an agent that leaves what it could do has failed, and is told the tasks", async () => {
  await using orbit = await specGarden(`# Tasks\n\n${line("T001")}${line("T002")}`, { config: { attempts: 1 } });
  const { garden: g } = orbit;
  await g.add("lazy", { tasks: ["T001", "T002"], command: agent("most=1") });
  expect(await g.execute()).toMatchObject({ failed: ["lazy"] });
  const { failure } = await g.lane("lazy");
  expect(failure).toMatchObject({ cause: "tasks-open", reason: expect.stringContaining("T002 can be started") });
});

test("a task that came up while the agent was at work may have escaped it: the lane goes on, and no attempt is lost", async () => {
  await using orbit = await specGarden(CHAIN, { config: { attempts: 1 } });
  const { garden: g } = orbit;
  await g.add("one", { tasks: ["T001", "T002", "T003"], command: agent("most=1") });
  expect(await g.execute()).toMatchObject({ completed: ["one"], failed: [] });
  expect((await g.lane("one")).attempts).toMatchObject([{ waited: true }, { waited: true }, { number: 3 }]);
});

test("a task that failed fails the lane; a cancelled one is done; tried afresh, unlanded tasks are done again", async () => {
  await using orbit = await specGarden(`# Tasks\n\n${line("T001")}${line("T002")}${line("T003")}`);
  const { garden: g } = orbit;
  const lane = await handLane(orbit, "one", ["T001", "T002", "T003"]);
  await lane.work("T001", { "one.txt": "1\n" });
  for (const task of ["T002", "T003"]) {
    await startTask(lane.desk, named(task));
    await failTask(lane.desk, named(task), { reason: "no way", cancelled: task === "T003" });
  }
  await record(g.orchard, "the agent ends", () =>
    happened({
      type: "attempt-ended",
      lane: "one" as LaneId,
      token: "t-one",
      end: { outcome: "exited", code: 0, signal: null },
    }),
  );
  expect(await g.execute()).toMatchObject({ failed: ["one"] });
  expect((await g.lane("one")).failure).toMatchObject({ cause: "task-failed", reason: "T002 failed: no way" });
  expect((await orbit.task("T001"))?.state).toBe("completed");

  await reopenTask(lane.desk, named("T002"), "once more");
  await retryLane(g.orchard, "one" as LaneId, { fresh: true });
  // Its command does nothing.
  expect(await g.execute()).toMatchObject({ failed: ["one"] });
  expect((await orbit.task("T001"))?.state).toBe("open");
  expect((await orbit.task("T003"))?.state).toBe("cancelled");
});

test("an attempt that left its claim goes on with it; a lane that failed for good holds no task", async () => {
  await using orbit = await specGarden(`# Tasks\n\n${line("T001")}${line("T002")}`, { config: { attempts: 2 } });
  const { garden: g } = orbit;
  const seen = join(orbit.outside, "seen");
  // The first attempt only claims, the second goes on with that claim.
  const command = `if [ -e '${seen}' ]; then ${shell(agent())}; else touch '${seen}'; ${shell(agent("claim"))}; fi`;
  await g.add("again", { tasks: ["T001"], command });
  await g.add("gone", { tasks: ["T002"], command: agent("claim") });
  expect(await g.execute()).toMatchObject({ completed: ["again"], failed: ["gone"] });
  expect(await orbit.task("T001")).toMatchObject({ epoch: 1, state: "completed" });
  expect((await g.lane("gone")).failure?.reason).toContain("T002 is still claimed");
  expect(await orbit.task("T002")).toMatchObject({ state: "open", epoch: 1 });
});

test("uncommitted work is no waiting: it is said and kept", async () => {
  await using orbit = await specGarden(CHAIN, { config: { attempts: 1 } });
  const { garden: g } = orbit;
  await g.add("dirty", { tasks: ["T001", "T003"], command: agent("dirty") });
  expect(await g.execute()).toMatchObject({ failed: ["dirty"] });
  expect((await g.lane("dirty")).failure).toMatchObject({ cause: "uncommitted-work" });
  expect(existsSync(join(g.worktree("dirty"), "left.txt"))).toBe(true);
});

function shell(command: readonly string[]): string {
  return command.map((word) => `'${word}'`).join(" ");
}
