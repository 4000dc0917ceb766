import { spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync } from "node:fs";
import { join } from "node:path";
import { bootId, readIdentity, readProcessRow } from "@orchard/host";
import { type Clock, isoTime } from "@orchard/kernel";
import { until } from "@orchard/testkit";
import type { Claim, Instant } from "@orchard/tracker-core";
import { expect, test } from "vitest";
import { findPlace, openOrchard } from "../../src/index.ts";
import { judgeHolder } from "../../src/tasks/judge-holder.ts";
import { openDesk } from "../../src/tasks/open-desk.ts";
import { startTask } from "../../src/tasks/start-task.ts";
import { testPorts } from "../ports.ts";
import { openDesks } from "./programs/open-desks.ts";
import { looseTasks, recordsOf, toldBy, type Worksite, worksite } from "./programs/worksite.ts";

const LEASE = { config: { lease: "1s" } };
const IS_LONG = process.env["ORCHARD_LONG"] === "1";
const ROUNDS = IS_LONG ? 20 : 1;

async function twoAgents(lease: { readonly config: Readonly<Record<string, unknown>> } = LEASE): Promise<Worksite> {
  const site = await worksite(looseTasks(ROUNDS), lease);
  site.settle("slow");
  site.settle("quick");
  return site;
}

/** Asks again until the holder's lease has run out. */
async function taken(site: Worksite, task: string): Promise<void> {
  await until("the task can be taken over", async () => {
    const { outcome, error } = await site.ask("quick", { do: "start", task });
    if (error !== undefined && error.code !== "TASK_TAKEN") throw new Error(error.message);
    return outcome?.kind === "started";
  });
}

async function finished(site: Worksite, task: string): Promise<void> {
  site.commit("quick", { [`quick-${task}.txt`]: "quick\n" });
  await site.must("quick", { do: "complete", task });
}

async function expectLate(site: Worksite, task: string, told: Awaited<ReturnType<typeof toldBy>>, commit: string) {
  expect(told).toMatchObject({ error: { code: "STALE_CLAIM", kind: "lock" } });
  const record = recordsOf(await site.progress())[task];
  expect(record).toMatchObject({ state: "completed", work: { agent: "quick" } });
  expect(record?.late).toMatchObject([{ agent: "slow", epoch: 1, verb: "complete", commit }]);
  expect(site.repo.git(["for-each-ref", "--points-at", commit, "--format=%(refname)", "refs/orch/work"])).not.toBe("");
}

test(
  "a holder stopped past its lease comes too late: refused, its commit pinned and kept",
  async () => {
    using site = await twoAgents();
    for (let round = 1; round <= ROUNDS; round++) {
      const task = `T${String(round).padStart(3, "0")}`;
      await using holder = openDesks({ named: true });
      const order = { at: site.pathOf("slow"), agent: "slow", task } as const;
      expect(await holder.ask({ ...order, do: "start" })).toMatchObject({ outcome: { kind: "started" } });
      const commit = site.commit("slow", { [`slow-${task}.txt`]: "slow\n" });
      process.kill(holder.pid, "SIGSTOP");
      await taken(site, task);
      await finished(site, task);
      process.kill(holder.pid, "SIGCONT");
      await expectLate(site, task, await holder.ask({ ...order, do: "complete" }), commit);
    }
  },
  ROUNDS * 60_000 + 240_000,
);

test("a holder stopped within its own complete, right before its record, is refused and its commit kept", async () => {
  using site = await twoAgents();
  await site.must("slow", { do: "start", task: "T001" });
  const commit = site.commit("slow", { "slow.txt": "slow\n" });
  const order = { do: "complete", task: "T001" } as const;
  const stopped = site.start("slow", order, { ORCHARD_STOP_AT: "git update-ref" });
  await site.stopped(stopped);
  await taken(site, "T001");
  await finished(site, "T001");
  stopped.child.kill("SIGCONT");
  await expectLate(site, "T001", await toldBy(stopped), commit);
});

test.runIf(IS_LONG)(
  "stopped at any step of its complete, past its lease, it has completed or comes too late; never both, never neither",
  async () => {
    using site = await twoAgents();
    await site.must("slow", { do: "start", task: "T001" });
    const commit = site.commit("slow", { "slow.txt": "slow\n" });
    const restore = site.picture();
    const order = { do: "complete", task: "T001" } as const;
    const bad: string[] = [];
    for (let step = 1; ; step++) {
      restore();
      const stopped = site.start("slow", order, { ORCHARD_STOP_AT: String(step) });
      const hasEnded = await Promise.race([stopped.ended.then(() => true), site.stopped(stopped).then(() => false)]);
      if (hasEnded) break;
      const isCompleted = () => site.progress().then((now) => recordsOf(now)["T001"]?.state === "completed");
      if (!(await isCompleted())) {
        await taken(site, "T001");
        await finished(site, "T001");
      }
      const by = recordsOf(await site.progress())["T001"]?.work?.agent;
      stopped.child.kill("SIGCONT");
      const told = await toldBy(stopped);
      const { work, late } = recordsOf(await site.progress())["T001"]!;
      const isKept = late.length === 1 && late[0]?.commit === commit;
      const isRight = by === "slow" ? told?.outcome?.commit === commit : told?.error?.code === "STALE_CLAIM" && isKept;
      if (!isRight || work?.agent !== by) bad.push(`stopped before ${step}: ${JSON.stringify({ told, by, late })}`);
    }
    expect(bad).toEqual([]);
  },
  3_600_000,
);

test("an expired lease that nobody took lets its holder complete", async () => {
  using site = await twoAgents({ config: { lease: "1ms" } });
  await site.must("slow", { do: "start", task: "T001" });
  const claim = recordsOf(await site.progress())["T001"]!.claim!;
  await until("the lease has run out", () => Date.now() - Date.parse(claim.renewedAt) > 1_000);
  site.commit("slow", { "slow.txt": "slow\n" });
  await site.must("slow", { do: "complete", task: "T001" });
  expect(recordsOf(await site.progress())["T001"]).toMatchObject({ state: "completed", late: [] });
});

test("a holder that was killed is followed at once, long before its lease ends", async () => {
  using site = await twoAgents({ config: { lease: "10h" } });
  await using holder = openDesks({ named: true });
  const order = { at: site.pathOf("slow"), agent: "slow", do: "start", task: "T001" } as const;
  await holder.ask(order);
  expect(await site.ask("quick", { do: "start", task: "T001" })).toMatchObject({ error: { code: "TASK_TAKEN" } });
  await holder[Symbol.asyncDispose]();
  expect(await site.ask("quick", { do: "start", task: "T001" })).toMatchObject({
    outcome: { kind: "started", epoch: 2, tookOver: { agent: "slow" } },
  });
});

const SIGNS: Readonly<Record<string, (site: Worksite) => void>> = {
  "a file that it writes": (site) => site.repo.write({ "draft.txt": "draft\n" }, site.pathOf("slow")),
  "a change that it stages": (site) => {
    site.repo.write({ "README.md": "changed\n" }, site.pathOf("slow"));
    old(join(site.pathOf("slow"), "README.md"));
    site.git("slow", "add", "README.md");
  },
  "a commit": (site) => void site.git("slow", "commit", "-q", "--allow-empty", "-m", "empty"),
};

/** A claim whose lease ended a minute ago by its record, in a worktree that stood still for an hour. */
async function expired() {
  const site = await twoAgents({ config: { lease: "1m" } });
  await site.must("slow", { do: "start", task: "T001" });
  const admin = join(site.repo.path, ".git", "worktrees", "slow");
  for (const file of ["HEAD", "logs/HEAD", "index"]) old(join(admin, file));
  const orchard = await openOrchard(findPlace(site.pathOf("quick")), testPorts(), { by: "quick" });
  const clock = { ...testPorts().clock };
  const now: Instant = { at: isoTime(clock.now()), sinceBoot: clock.sinceBoot(), boot: bootId() };
  const held = recordsOf(await site.progress())["T001"]!.claim!;
  const claim: Claim = {
    ...held,
    renewedAt: isoTime(clock.now() - 120_000),
    renewedSinceBoot: now.sinceBoot - 120_000,
  };
  return {
    site,
    judge: (part: Partial<Claim> = {}, at: Partial<Instant> = {}) =>
      judgeHolder(orchard, { ...claim, ...part }, { ...now, ...at }),
    now,
    claim,
    [Symbol.asyncDispose]: async () => {
      await orchard[Symbol.asyncDispose]();
      site[Symbol.dispose]();
    },
  };
}

test.each(Object.keys(SIGNS))("by %s a slow holder keeps its claim past its lease", async (sign) => {
  await using one = await expired();
  expect(await one.judge()).toMatchObject({ kind: "gone", why: "it gave no sign of life for 1 min" });
  SIGNS[sign]!(one.site);
  expect(await one.judge()).toMatchObject({ kind: "holds", signAt: expect.any(String) });
});

test("past its lease a process that runs holds its claim, one that was stopped or has ended does not", async () => {
  await using one = await expired();
  const holder = spawn("sleep", ["1000"]);
  const ended = once(holder, "exit");
  try {
    await once(holder, "spawn");
    const process_ = await until("its start time can be read", () => readIdentity(holder.pid!));
    expect(await one.judge({ process: process_ })).toMatchObject({ kind: "holds" });
    holder.kill("SIGSTOP");
    await until("it stands still", () => readProcessRow(holder.pid!)?.state === "stopped");
    expect(await one.judge({ process: process_ })).toMatchObject({ kind: "gone", why: "its process is stopped" });
    holder.kill("SIGKILL");
    await ended;
    const fresh = { renewedAt: one.now.at, renewedSinceBoot: one.now.sinceBoot };
    expect(await one.judge({ process: process_, ...fresh })).toMatchObject({
      kind: "gone",
      why: expect.stringMatching(/has ended$/),
    });
  } finally {
    holder.kill("SIGKILL");
  }
});

test("a wall clock that jumps takes no claim; judged by wall time alone it would", async () => {
  await using one = await expired();
  const fresh = { renewedAt: one.now.at, renewedSinceBoot: one.now.sinceBoot };
  const jumped = { at: isoTime(Date.parse(one.now.at) + 3_600_000) };
  expect(await one.judge(fresh, jumped)).toMatchObject({ kind: "holds" });
  // Negative control: without a boot that both belong to only wall time is left.
  expect(await one.judge(fresh, { ...jumped, boot: "" })).toMatchObject({ kind: "gone" });
});

/** Asks for T001 by a clock that is ahead of ours; what the machine slept of it is not awake. */
async function asksAt(
  site: Worksite,
  {
    ahead,
    slept,
    who = "quick",
  }: { readonly ahead: number; readonly slept: number | undefined; readonly who?: string },
) {
  const { clock, ...ports } = testPorts();
  const shifted: Clock = {
    now: () => clock.now() + ahead,
    sinceBoot: () => clock.sinceBoot() + ahead,
    ...(slept === undefined ? {} : { awake: () => clock.sinceBoot() + ahead - slept }),
  };
  await using orchard = await openOrchard(findPlace(site.pathOf(who)), { ...ports, clock: shifted }, { by: who });
  const desk = await openDesk(orchard, { agent: who, environment: {} });
  const name = { spec: Object.keys((await site.progress()).specs)[0] ?? "", task: "T001" };
  return await startTask(desk, name).catch((error: unknown) => error);
}

test("who was asleep with the whole machine past its lease gets time to show that it lives", async () => {
  using site = await twoAgents({ config: { lease: "1m" } });
  expect(await asksAt(site, { ahead: 0, slept: 0, who: "slow" })).toMatchObject({ kind: "started" });
  const night = 8 * 3_600_000;
  const refused = await asksAt(site, { ahead: night, slept: night });
  expect(refused).toMatchObject({ code: "TASK_TAKEN", hint: expect.stringContaining("ask again in 1 min") });
  expect(await asksAt(site, { ahead: night + 30_000, slept: night })).toMatchObject({ code: "TASK_TAKEN" });
  expect(await asksAt(site, { ahead: night + 90_000, slept: night })).toMatchObject({
    kind: "started",
    tookOver: { agent: "slow", why: "it gave no sign of life for 1 min" },
  });
});

test("negative control: on a machine that does not tell what it slept, the same holder loses its claim at once", async () => {
  using site = await twoAgents({ config: { lease: "1m" } });
  await asksAt(site, { ahead: 0, slept: 0, who: "slow" });
  const night = 8 * 3_600_000;
  expect(await asksAt(site, { ahead: night, slept: undefined })).toMatchObject({ kind: "started" });
});

function old(file: string): void {
  const hourAgo = new Date(Date.now() - 3_600_000);
  utimesSync(file, hourAgo, hourAgo);
}
