import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { livenessOf } from "@orchard/host";
import { startNode, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { attemptFiles, readAttempt, requestStop, writePlan } from "../../src/index.ts";
import { killHard, testAttempt } from "../support/attempt.ts";

const RAN = "echo ran >> ran.txt";

test.each(["started:before", "started:after", "agentStarted:before", "agentStarted:after"])(
  "a supervisor killed at %s has let no agent run, and whoever takes over says so",
  async (moment) => {
    await using attempt = await testAttempt({ command: RAN });
    const supervisor = await attempt.start({ DIE_AT: moment });
    await until("it is dead", () => livenessOf(supervisor) === "dead");
    await until("nothing of it is left", () => attempt.survivors().length === 0);
    await attempt.adopt();
    const nothing = { outcome: "unknown", code: null, outputBytes: 0, neverRan: true };
    expect(await attempt.ended()).toMatchObject(nothing);
    expect(existsSync(join(attempt.cwd, "ran.txt"))).toBe(false);
  },
);

test("negative control: a supervisor that spawns first and writes then leaves an agent that nobody knows of", async () => {
  await using attempt = await testAttempt();
  const naive = startNode(join(import.meta.dirname, "../support/naive-supervisor.ts"), [attempt.plan.token]);
  expect(await naive.ended).toMatchObject({ signal: "SIGKILL" });
  expect(attempt.survivors()).toHaveLength(1);
  expect(await readAttempt(attempt.folder)).not.toHaveProperty("agent");
});

test.each(["ended:before", "ended:after"])(
  "a supervisor killed at %s has the end on disk, and whoever takes over tells that one",
  async (moment) => {
    await using attempt = await testAttempt({ command: `${RAN}; exit 7` });
    const supervisor = await attempt.start({ DIE_AT: moment });
    await until("it is dead", () => livenessOf(supervisor) === "dead");
    expect((await readAttempt(attempt.folder)).end).toMatchObject({ outcome: "exited", code: 7 });
    await attempt.adopt();
    expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 7 });
    expect(readFileSync(join(attempt.cwd, "ran.txt"), "utf8")).toBe("ran\n");
  },
);

test("an agent whose supervisor was killed goes on, is taken over, and every line of it is in the log once", async () => {
  const command = `${RAN}; for i in 1 2 3; do echo "line $i"; done; until [ -e go ]; do sleep 0.05; done; echo "line 4"`;
  await using attempt = await testAttempt({ command });
  const supervisor = await attempt.start();
  await until("it has begun", async () => (await attempt.text()).includes("line 3"));
  await killHard(supervisor);
  const agent = await attempt.agent();
  expect(livenessOf(agent)).toBe("alive");
  await attempt.adopt();
  await until("it is taken over", async () => attempt.told().filter((one) => one.port === "started").length === 2);
  writeFileSync(join(attempt.cwd, "go"), "");
  expect(await attempt.ended()).toMatchObject({ outcome: "unknown", code: null });
  expect((await attempt.text()).split("\n")).toEqual(["line 1", "line 2", "line 3", "line 4"]);
  expect(readFileSync(join(attempt.cwd, "ran.txt"), "utf8")).toBe("ran\n");
});

test("nobody takes over while the supervisor lives; of several that try after its death one does", async () => {
  await using attempt = await testAttempt({ command: "until [ -e go ]; do sleep 0.05; done" });
  const supervisor = await attempt.start();
  await attempt.agent();
  const early = await attempt.adopt();
  await until("it went away", () => livenessOf(early) === "dead");
  expect((await readAttempt(attempt.folder)).supervisor?.pid).toBe(supervisor.pid);
  await killHard(supervisor);
  const adopters = await Promise.all([attempt.adopt(), attempt.adopt(), attempt.adopt()]);
  await until("one is left", () => adopters.filter((one) => livenessOf(one) === "alive").length === 1);
  writeFileSync(join(attempt.cwd, "go"), "");
  await attempt.ended();
  expect(attempt.told().filter((one) => one.port === "ended")).toHaveLength(1);
});

test("who takes over obeys a stop that was asked for meanwhile, and the limits", async () => {
  await using stopped = await testAttempt({ command: "touch up; sleep 600" });
  await using idle = await testAttempt({ command: "touch up; sleep 600" });
  for (const attempt of [stopped, idle]) {
    const supervisor = await attempt.start();
    await until("the agent runs", () => existsSync(join(attempt.cwd, "up")));
    await killHard(supervisor);
    if (attempt === stopped) await requestStop(attempt.folder, "no more");
    else await writePlan({ ...attempt.plan, limits: { ...attempt.plan.limits, idleMs: 1000 } });
    await attempt.adopt();
  }
  expect(await stopped.ended()).toMatchObject({ outcome: "stopped", reason: "no more" });
  expect(await idle.ended()).toMatchObject({ outcome: "idle" });
});

test("an agent that died with its supervisor leaves nothing running once somebody took over", async () => {
  await using attempt = await testAttempt({ command: "setsid sleep 600 & sleep 601" });
  const supervisor = await attempt.start();
  await until("all is there", () => attempt.survivors().length === 3);
  await killHard(supervisor);
  await killHard(await attempt.agent());
  expect(attempt.survivors()).toHaveLength(2);
  await attempt.adopt();
  const end = await attempt.ended();
  expect(end).toMatchObject({ outcome: "unknown" });
  expect(end).not.toHaveProperty("neverRan");
  expect(attempt.survivors()).toEqual([]);
});

test("the death of who started the supervisor, his pipes included, is nothing to it", async () => {
  await using attempt = await testAttempt({ command: "until [ -e go ]; do sleep 0.05; done; echo finished" });
  const starter = startNode(join(import.meta.dirname, "../support/starter.ts"), [attempt.folder]);
  await attempt.agent();
  starter.child.kill("SIGKILL");
  await starter.ended;
  writeFileSync(join(attempt.cwd, "go"), "");
  expect(await attempt.ended()).toMatchObject({ outcome: "exited", code: 0 });
  expect(await attempt.text()).toBe("finished");
});

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 100 : 8;

test("killed at any moment and taken over again and again, an agent runs at most once and is recorded", async () => {
  const lines = Array.from({ length: 40 }, (_, index) => `line ${index}`);
  for (let round = 0; round < ROUNDS; round += 1) {
    const command = `${RAN}; for i in $(seq 0 39); do echo "line $i"; sleep 0.01; done`;
    await using attempt = await testAttempt({ command });
    let supervisor = await attempt.start();
    for (let kill = 0; kill < 3; kill += 1) {
      const after = 60 + Math.random() * 300;
      await new Promise((resolve) => setTimeout(resolve, after));
      await killHard(supervisor);
      supervisor = await attempt.adopt();
    }
    const end = await attempt.ended();
    const ran = existsSync(join(attempt.cwd, "ran.txt")) ? readFileSync(join(attempt.cwd, "ran.txt"), "utf8") : "";
    expect(existsSync(attemptFiles(attempt.folder).exit)).toBe(true);
    if (ran === "") {
      expect(end).toMatchObject({ outcome: "unknown", outputBytes: 0, neverRan: true });
      // One that is held where it may not run yet sees by itself that nobody is there any more.
      await until("nothing of it is left", () => attempt.survivors().length === 0);
    } else {
      expect(attempt.survivors()).toEqual([]);
      expect(end).not.toHaveProperty("neverRan");
      expect(ran).toBe("ran\n");
      expect((await attempt.text()).split("\n")).toEqual(lines);
    }
  }
});
