import { expect, test } from "vitest";
import type { Answer } from "./programs/answer.ts";
import { type Desks, openDesks } from "./programs/open-desks.ts";
import { type Asked, recordsOf, toldBy, type Worksite, worksite } from "./programs/worksite.ts";

const ROUNDS = process.env["ORCHARD_LONG"] === "1" ? 40 : 2;

/** So long a busy machine may take. */
const LIMIT = { timeout: ROUNDS * 60_000 + 240_000 };

const TASKS = `## Layer 1: Foundation
- [ ] T001 model
- [ ] T002 store
## Layer 2: Infrastructure
- [ ] T003 client
      Dependencies: T001
- [ ] T004 server
      Dependencies: T001, T002
`;

/** Two tasks are done elsewhere; copilot's worktree has the code of neither. */
async function founded(): Promise<Worksite> {
  const site = await worksite(TASKS);
  for (const [agent, task] of [
    ["claude", "T001"],
    ["qwen", "T002"],
  ] as const) {
    site.settle(agent);
    await site.must(agent, { do: "start", task });
    site.commit(agent, { [`${task}.txt`]: `${task}\n` });
    await site.must(agent, { do: "complete", task });
  }
  site.settle("copilot");
  return site;
}

async function working(): Promise<Worksite> {
  const site = await founded();
  await site.must("copilot", { do: "start", task: "T004" });
  site.commit("copilot", { "T004.txt": "T004\n" });
  return site;
}

async function outdated(): Promise<Worksite> {
  const site = await working();
  site.repo.write({ "T001.txt": "T001, better\n" }, site.pathOf("claude"));
  site.git("claude", "commit", "-qa", "--amend", "-m", "T001 again");
  return site;
}

test(
  "the same task started twice at once in one worktree: one claim, which the worktree's token proves",
  LIMIT,
  async () => {
    using site = await founded();
    await eachRound(site, { do: "start", task: "T004" }, { do: "start", task: "T004" }, async (answers) => {
      expect(answers.map(({ outcome }) => outcome?.kind).toSorted()).toEqual(["started", "yours"]);
      await expectProved(site, "T004");
      expectOnce(site, ["Bring in 001-orbit/T001", "Bring in 001-orbit/T002"]);
    });
  },
);

test(
  "two tasks started at once in one worktree: both claims, and the code of both's dependencies once",
  LIMIT,
  async () => {
    using site = await founded();
    await eachRound(site, { do: "start", task: "T003" }, { do: "start", task: "T004" }, async (answers) => {
      expect(answers.map(({ outcome, error }) => outcome?.kind ?? error?.message)).toEqual(["started", "started"]);
      await expectProved(site, "T003");
      await expectProved(site, "T004");
      expect(site.git("copilot", "ls-files")).toMatch(/T001\.txt\nT002\.txt/);
      expect(new Set(subjects(site)).size).toBe(subjects(site).length);
    });
  },
);

test("a task completed twice at once: one completion, which both are told", LIMIT, async () => {
  using site = await working();
  const head = site.git("copilot", "rev-parse", "HEAD");
  await eachRound(site, { do: "complete", task: "T004" }, { do: "complete", task: "T004" }, async (answers) => {
    expect(isCompletedOnce(answers, head)).toBe(true);
    const { state, late } = recordsOf(await site.progress())["T004"]!;
    expect({ state, late: late.length }).toEqual({ state: "completed", late: 0 });
    expect(await site.proofOf("copilot", "T004")).toBeUndefined();
  });
});

test("a worktree restacked twice at once: the dependency is replaced once", LIMIT, async () => {
  using site = await outdated();
  await eachRound(site, { do: "restack" }, { do: "restack" }, async (answers) => {
    expect(answers.map(({ outcome }) => outcome?.kind).toSorted()).toEqual(["nothing", "restacked"]);
    expectOnce(site, ["Update 001-orbit/T001"]);
    expect(site.git("copilot", "show", "HEAD:T001.txt")).toBe("T001, better");
  });
});

test(
  "negative control: where nothing orders them, a completion that looked too early is told another story",
  LIMIT,
  async () => {
    using site = await working();
    const head = site.git("copilot", "rev-parse", "HEAD");
    const order = { do: "complete", task: "T004", without: "locks" } as const;
    const stopped = site.start("copilot", order, { ORCHARD_STOP_AT: "1" });
    await site.stopped(stopped);
    const first = await site.must("copilot", order);
    stopped.child.kill("SIGCONT");
    const second = await toldBy(stopped);
    expect(isCompletedOnce([first, second!], head)).toBe(false);
  },
);

function isCompletedOnce(answers: readonly Answer[], head: string): boolean {
  const repeated = answers.map(({ outcome }) => outcome?.repeated).toSorted();
  return answers.every(({ outcome }) => outcome?.commit === head) && repeated.join() === "false,true";
}

/** Both at once from two processes, again and again from the same beginning. */
async function eachRound(
  site: Worksite,
  one: Asked,
  other: Asked,
  check: (answers: readonly Answer[]) => Promise<void>,
): Promise<void> {
  const restore = site.picture();
  await using processes = new AsyncDisposableStack();
  const desks: readonly Desks[] = [processes.use(openDesks()), processes.use(openDesks())];
  for (let round = 0; round < ROUNDS; round++) {
    if (round > 0) restore();
    const orders = [one, other].map((asked) => ({ at: site.pathOf("copilot"), agent: "copilot", ...asked }));
    const answers = await Promise.all(orders.map((order, index) => desks[index]!.ask(order)));
    expect(site.git("copilot", "status", "--porcelain")).toBe("");
    expect(Object.values((await site.progress()).worktrees).map(({ move }) => move)).not.toContain(expect.anything());
    await check(answers);
  }
}

async function expectProved(site: Worksite, task: string): Promise<void> {
  const record = recordsOf(await site.progress())[task];
  expect(record?.epoch).toBe(1);
  expect(record?.claim?.tokenHash).toBe(await site.proofOf("copilot", task));
}

function expectOnce(site: Worksite, wanted: readonly string[]): void {
  for (const subject of wanted) expect(subjects(site).filter((one) => one === subject)).toEqual([subject]);
}

function subjects(site: Worksite): readonly string[] {
  return site.git("copilot", "log", "--format=%s", "main..HEAD").split("\n");
}
