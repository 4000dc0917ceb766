import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { parseOid } from "@orchard/worktree-git";
import { expect, test } from "vitest";
import { retryLane } from "../../src/index.ts";
import { changePr, completeTask, restack, startTask } from "../../src/tasks/index.ts";
import { contentAt } from "../harness.ts";
import { handLane } from "./by-hand.ts";
import { line, named, specGarden, TASK_FILE } from "./spec-garden.ts";

const PAIR = `# Tasks\n\n${line("T001")}${line("T002", ["T001"])}`;
const boxes = (text: string) => [...text.matchAll(/- \[(.)\] (T\d+)/g)].map(([, mark, id]) => `${id}${mark}`);

test("the boxes of exactly the lane's finished tasks land ticked, one byte each, in the tree that is verified", async () => {
  const source = `\uFEFF# Tasks 🌳\r\n\r\n- [ ] T001 eins\r\n- [ ] T002 zwei\r\n- [ ] T003 drei\r\n\t- [ ] a step\r\n`;
  await using orbit = await specGarden(source);
  const { garden: g } = orbit;
  const verify = [`grep -q 'x. T001' ${TASK_FILE} && ! grep -q 'x. T002' ${TASK_FILE}`];
  const lane = await handLane(orbit, "one", ["T001", "T003"], { verify });
  await lane.work("T001", { "one.txt": "1\n" });
  await lane.work("T003", { "three.txt": "3\n" });
  await lane.finish();
  expect(await g.merge()).toMatchObject({ landed: [{ lane: "one", verified: true }] });
  const landed = readFileSync(join(g.repo.path, TASK_FILE));
  const before = Buffer.from(source);
  const changed = [...before.keys()].filter((at) => before[at] !== landed[at]);
  expect([landed.length, changed.length]).toEqual([before.length, 2]);
  expect(boxes(landed.toString())).toEqual(["T001x", "T002 ", "T003x"]);
  expect(g.repo.git(["status", "--porcelain"])).toBe("");
  expect((await orbit.task("T001"))?.work?.landed).toBeDefined();
});

test("ticks of two lanes in adjacent lines never conflict, also when an agent or a person ticked one", async () => {
  await using orbit = await specGarden("# Tasks\n- [ ] T001 a\n- [ ] T002 b\n- [ ] T003 c\n- [ ] T004 d\n");
  const { garden: g } = orbit;
  const ticked = (...ids: readonly string[]) => {
    const text = g.repo.read(TASK_FILE);
    return ids.reduce((now, id) => now.replace(`[ ] ${id}`, `[X] ${id}`), text);
  };
  const one = await handLane(orbit, "one", ["T001"]);
  const two = await handLane(orbit, "two", ["T002"]);
  await one.work("T001", { "one.txt": "1\n" });
  await two.work("T002", { "two.txt": "2\n", [TASK_FILE]: ticked("T002") });
  await one.finish();
  const theirs = parseOid(await two.finish());
  const ours = parseOid(g.repo.commit("by hand", { [TASK_FILE]: ticked("T003") }));
  // Control: git itself sees a conflict in them.
  expect((await (await g.orchard.hub()).merge({ ours, theirs })).kind).toBe("conflicted");
  expect((await g.merge()).landed).toHaveLength(2);
  expect(boxes(g.repo.read(TASK_FILE))).toEqual(["T001x", "T002X", "T003X", "T004 "]);
});

test("any other conflict in a task file is a conflict", async () => {
  await using orbit = await specGarden("# Tasks\n- [ ] T001 a\n- [ ] T002 b\n");
  const { garden: g } = orbit;
  const one = await handLane(orbit, "one", ["T001"]);
  await one.work("T001", { [TASK_FILE]: "# Tasks\n- [x] T001 a, better\n- [ ] T002 b\n" });
  await one.finish();
  g.repo.commit("by hand", { [TASK_FILE]: "# Tasks\n- [x] T001 a, done\n- [ ] T002 b\n" });
  expect(await g.merge()).toMatchObject({ conflicted: [{ lane: "one", conflict: { files: [TASK_FILE] } }] });
});

test("a lane waits for the tasks that it contains; it lands once they have", async () => {
  await using orbit = await specGarden(`${PAIR}${line("T003")}${line("T004", ["T003"])}`);
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001"]);
  const clients = await handLane(orbit, "clients", ["T002", "T004"]);
  const qwen = await orbit.desk("qwen");
  await models.work("T001", { "model.txt": "1\n" });
  await startTask(qwen, named("T003"));
  orbit.commit(qwen, { "three.txt": "3\n" });
  await completeTask(qwen, named("T003"));
  await clients.work("T002", { "client.txt": "2\n" });
  await clients.work("T004", { "four.txt": "4\n" });
  await clients.finish();
  const waiting = async () => (await g.merge()).waiting.map(({ lane, reason }) => `${lane}: ${reason}`);
  expect(await waiting()).toEqual(['clients: it contains T001 of lane "models", which has not landed']);
  await models.finish();
  expect(await waiting()).toEqual(["clients: it contains T003 of @qwen, which has not landed"]);
  expect((await g.lane("models")).merge?.state).toBe("landed");
  g.repo.git(["merge", "-q", "--no-edit", "by-qwen"]);
  expect((await g.merge()).landed).toMatchObject([{ lane: "clients" }]);
  // A person's own merge ticks nothing.
  expect(boxes(g.repo.read(TASK_FILE))).toEqual(["T001x", "T002x", "T003 ", "T004x"]);
});

test("two lanes that build on each other task by task both land, and each ticks its own", async () => {
  await using orbit = await specGarden(`${PAIR}${line("T003", ["T002"])}`);
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001", "T003"]);
  const clients = await handLane(orbit, "clients", ["T002"]);
  await models.work("T001", { "model.txt": "1\n" });
  await clients.work("T002", { "client.txt": "2\n" });
  await clients.finish();
  expect((await g.merge()).waiting).toMatchObject([
    { lane: "clients", reason: 'it contains T001 of lane "models", which has not landed' },
  ]);
  await models.work("T003", { "model.txt": "3\n" });
  await models.finish();
  expect((await g.merge()).landed.map(({ lane }) => lane).sort()).toEqual(["clients", "models"]);
  expect(boxes(g.repo.read(TASK_FILE))).toEqual(["T001x", "T002x", "T003x"]);
  expect(g.repo.read("model.txt")).toBe("3\n");
});

test("with rejected code a lane cannot land until it is restacked; then its new head lands", async () => {
  await using orbit = await specGarden(PAIR);
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001"]);
  const clients = await handLane(orbit, "clients", ["T002"]);
  await models.work("T001", { "model.txt": "1\n" });
  await clients.work("T002", { "client.txt": "2\n" });
  await models.finish();
  const done = await clients.finish();
  await changePr(models.desk, named("T001"), { pr: { status: "rejected" } });
  expect((await g.merge()).waiting.map(({ lane, reason }) => `${lane}: ${reason}`)).toEqual([
    "models: its task T001 was rejected: orch retry models",
    `clients: restack first: orbit-agent restack in ${clients.path} (T001 was rejected)`,
  ]);
  expect(await restack(clients.desk, "go")).toMatchObject({ kind: "restacked" });
  const landing = await g.merge();
  expect(landing.landed).toMatchObject([{ lane: "clients" }]);
  expect((await g.lane("clients")).work?.head).not.toBe(done);
  expect(contentAt(join(g.repo.path, "client.txt"))).toBe("2\n");
  expect(contentAt(join(g.repo.path, "model.txt"))).toBeUndefined();

  // Its commit is in the base's history by now, its code is not: it lands as if it had never been there.
  await changePr(models.desk, named("T001"), { pr: { status: "approved" } });
  expect((await orbit.task("T001"))?.work?.landed).toBeUndefined();
  // Control: by ancestry there would be nothing to do.
  const [ours, theirs] = [parseOid(g.at("main")), parseOid(models.git("rev-parse", "HEAD"))];
  expect((await (await g.orchard.hub()).merge({ ours, theirs })).kind).toBe("alreadyMerged");
  expect((await g.merge()).landed).toMatchObject([{ lane: "models" }]);
  expect(contentAt(join(g.repo.path, "model.txt"))).toBe("1\n");
  expect(contentAt(join(g.repo.path, "client.txt"))).toBe("2\n");
  expect(boxes(g.repo.read(TASK_FILE))).toEqual(["T001x", "T002x"]);
  expect((await orbit.task("T001"))?.work?.landed).toBeDefined();
});

test("work that was rejected and mended lands after a lane that had taken it out", async () => {
  await using orbit = await specGarden(PAIR);
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001"]);
  const clients = await handLane(orbit, "clients", ["T002"]);
  await models.work("T001", { "model.txt": "1\n", "kept.txt": "kept\n" });
  await models.finish();
  await clients.work("T002", { "client.txt": "2\n" });
  await clients.finish();
  await changePr(models.desk, named("T001"), { pr: { status: "rejected" } });
  await restack(clients.desk, "go");
  expect((await g.merge()).landed).toMatchObject([{ lane: "clients" }]);
  // Brought onto what has landed, it keeps the work that the other took out.
  expect(await retryLane(g.orchard, "models" as LaneId, { fresh: false })).toMatchObject({ broughtForward: true });
  expect(contentAt(join(models.path, "client.txt"))).toBe("2\n");
  expect(contentAt(join(models.path, "kept.txt"))).toBe("kept\n");
  await models.again();
  await models.work("T001", { "model.txt": "better\n" });
  await models.finish();
  expect((await g.merge()).landed).toMatchObject([{ lane: "models" }]);
  expect([g.repo.read("model.txt"), g.repo.read("kept.txt")]).toEqual(["better\n", "kept\n"]);
});

test("work that landed squashed needs no restack of those who built on it", async () => {
  await using orbit = await specGarden(PAIR, { config: { squash: true } });
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001"]);
  const clients = await handLane(orbit, "clients", ["T002"]);
  await models.work("T001", { "model.txt": "1\n2\n" });
  await clients.work("T002", { "model.txt": "1\ntwo\n" });
  await models.finish();
  await clients.finish();
  expect((await g.merge()).landed.map(({ lane }) => lane)).toEqual(["models", "clients"]);
  expect(g.repo.read("model.txt")).toBe("1\ntwo\n");
});
