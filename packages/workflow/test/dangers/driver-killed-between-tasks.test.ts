import { join } from "node:path";
import { sampled, startNode } from "@orchard/testkit";
import { expect, test } from "vitest";
import { changePr, restack } from "../../src/tasks/index.ts";
import type { Garden } from "../harness.ts";
import { contentAt } from "../harness.ts";
import { handLane } from "../lanes/by-hand.ts";
import { agent, line, named, specGarden, TASK_FILE } from "../lanes/spec-garden.ts";

const CHAIN = `# Tasks\n\n${line("T001")}${line("T002", ["T001"])}${line("T003", ["T002"])}`;
const boxes = (text: string) => [...text.matchAll(/- \[(.)\] (T\d+)/g)].map(([, mark, id]) => `${id}${mark}`);

/** What the base's own history tells of landings, newest first. */
function landings(g: Garden): readonly string[] {
  const subjects = g.repo.git(["log", "--first-parent", "--format=%s", "main"]).split("\n");
  return subjects.filter((subject) => subject.startsWith("Land "));
}

/** Drives in another process until that dies of the fact. */
async function driveToDeath(g: Garden, ...words: readonly string[]): Promise<void> {
  const driver = startNode(join(import.meta.dirname, "../lanes/driver.ts"), words, { cwd: g.repo.path });
  const { signal } = await driver.ended;
  expect([words.join(" "), signal, driver.stderr()]).toEqual([words.join(" "), "SIGKILL", ""]);
}

test.each(
  sampled([
    ["before", "lane-parked", "1"],
    ["after", "lane-parked", "1"],
    ["after", "attempt-intended", "3"],
    ["after", "work-judged", "2"],
  ]),
)("a driver that dies %s %s %s loses no task and no attempt", async (...point) => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  await g.add("models", { tasks: ["T001", "T003"], command: agent() });
  await g.add("clients", { tasks: ["T002"], command: agent() });
  await driveToDeath(g, "execute", ...point);
  expect(await g.execute()).toMatchObject({ completed: ["models", "clients"], failed: [] });
  for (const id of ["T001", "T002", "T003"]) {
    expect(await orbit.task(id)).toMatchObject({ state: "completed", epoch: 1 });
  }
  const { attempts } = await g.lane("models");
  expect(attempts.filter(({ abandoned }) => abandoned !== true)).toMatchObject([{ waited: true }, { number: 2 }]);
  expect((await g.merge()).landed).toHaveLength(2);
  expect(boxes(g.repo.read(TASK_FILE))).toEqual(["T001x", "T002x", "T003x"]);
});

test.each(
  sampled([
    ["after", "work-restacked"],
    ["before", "landing-intended"],
    ["after", "landing-intended"],
    ["after", "lane-landed"],
    ["before", "base-followed"],
  ]),
)("a driver that dies %s %s lands each lane once, as it was restacked and ticked", async (...point) => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001"]);
  const clients = await handLane(orbit, "clients", ["T002"]);
  await models.work("T001", { "model.txt": "1\n" });
  await clients.work("T002", { "client.txt": "2\n" });
  await models.finish();
  await clients.finish();
  await changePr(models.desk, named("T001"), { pr: { status: "rejected" } });
  await restack(clients.desk, "go");
  await driveToDeath(g, "merge", ...point);
  await g.merge();
  expect(await g.lane("clients")).toMatchObject({
    merge: { state: "landed", without: [{ task: "T001" }] },
    work: { head: clients.git("rev-parse", "HEAD") },
  });
  await changePr(models.desk, named("T001"), { pr: { status: "approved" } });
  await g.merge();
  expect([contentAt(join(g.repo.path, "model.txt")), contentAt(join(g.repo.path, "client.txt"))]).toEqual([
    "1\n",
    "2\n",
  ]);
  expect(boxes(g.repo.read(TASK_FILE))).toEqual(["T001x", "T002x", "T003 "]);
  expect(landings(g)).toEqual(["Land models: T001", "Land clients: T002"]);
  expect((await orbit.task("T001"))?.work?.landed).toBeDefined();
});

test("negative control: a driver that lands what it finds completed, without asking whether it has landed, lands it twice", async () => {
  await using orbit = await specGarden(CHAIN);
  const { garden: g } = orbit;
  const models = await handLane(orbit, "models", ["T001"]);
  await models.work("T001", { "model.txt": "1\n" });
  const head = await models.finish();
  await driveToDeath(g, "merge", "before", "lane-landed", "1");
  expect((await g.lane("models")).merge?.state).toBe("intended");
  const [landed, tree] = [g.at("refs/orch/landed/main"), g.at("refs/orch/landed/main^{tree}")];
  const again = g.repo.git(["commit-tree", tree, "-p", landed, "-p", head, "-m", "Land models: T001"]);
  g.repo.git(["merge", "-q", "--ff-only", again]);
  expect(landings(g)).toEqual(["Land models: T001", "Land models: T001"]);
});
