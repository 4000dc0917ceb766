import { once } from "node:events";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type NodeProcess, startNode, until } from "@orchard/testkit";
import { expect, test } from "vitest";
import { TASK_FILE } from "../tasks/named.ts";
import type { Order } from "./programs/answer.ts";
import { type Desks, openDesks } from "./programs/open-desks.ts";
import { idOf, looseTasks, recordsOf, type Worksite, worksite } from "./programs/worksite.ts";

const IS_LONG = process.env["ORCHARD_LONG"] === "1";
const WRITERS = 100;
const WORKTREES = IS_LONG ? 100 : 20;
const PROCESSES = IS_LONG ? 20 : 4;
const TASKS = Array.from({ length: WRITERS }, (_, index) => idOf(index + 1));

test(`${WRITERS} agents and a person who saves old copies of the task file: nothing that was acknowledged is lost`, async () => {
  using site = await worksite(looseTasks(WRITERS));
  for (let index = 0; index < WORKTREES; index++) site.settle(`tree${index}`);
  await site.must("tree0", { do: "note", task: "T001", text: "so that there is a view" });
  await using processes = new AsyncDisposableStack();
  const desks = Array.from({ length: PROCESSES }, () => processes.use(openDesks()));
  const person = processes.adopt(await saving(site), ended);
  const seen = { reads: 0, broken: [] as string[], done: false };
  const reading = readOnAndOn(site, seen);
  await Promise.all(TASKS.map((task, index) => workThrough(site, desks[index % PROCESSES]!, task, index)));
  seen.done = true;
  await reading;
  await ended(person);
  expect(seen.broken).toEqual([]);
  expect(seen.reads).toBeGreaterThan(0);
  expect(lostIn(recordsOf(await site.progress()))).toEqual([]);

  // What he leaves at last defines ten tasks less: they are shown as removed, with all that happened to them.
  writeFileSync(join(site.repo.path, TASK_FILE), looseTasks(WRITERS - 10));
  await site.must("tree0", { do: "note", task: "T001", text: "the last" });
  await until("the view knows", () => site.view()["tasks"]?.["T100"]?.["removed"] === true);
  expect(Object.keys(site.view()["tasks"]!).toSorted()).toEqual(TASKS);
  expect(lostIn(recordsOf(await site.progress()))).toEqual([]);
}, 1_200_000);

test("negative control: boxes ticked in the file itself are lost when an old copy is saved over it", async () => {
  using site = await worksite(looseTasks(WRITERS));
  const file = join(site.repo.path, TASK_FILE);
  await using processes = new AsyncDisposableStack();
  const person = processes.adopt(await saving(site), ended);
  for (const task of TASKS) {
    writeFileSync(`${file}.${task}`, readFileSync(file, "utf8").replace(`[ ] ${task}`, `[x] ${task}`));
    renameSync(`${file}.${task}`, file);
  }
  const { ctimeMs } = statSync(file);
  await until("he saves once more", () => statSync(file).ctimeMs !== ctimeMs);
  await ended(person);
  const kept = readFileSync(file, "utf8");
  expect(TASKS.filter((task) => !kept.includes(`[x] ${task}`))).not.toEqual([]);
});

/** Starts the task, says something, gives a sign of life, completes it: each again until it is acknowledged. */
async function workThrough(site: Worksite, desk: Desks, task: string, index: number): Promise<void> {
  const at = site.pathOf(`tree${index % WORKTREES}`);
  const agent = `agent${index}`;
  for (const step of ["start", "note", "heartbeat", "complete"] as const) {
    await acknowledged(desk, { at, agent, do: step, task, text: textOf(task) });
  }
}

async function acknowledged(desk: Desks, order: Order): Promise<void> {
  for (;;) {
    const { outcome, error } = await desk.ask(order);
    if (outcome !== undefined) return;
    // Too busy: nothing was recorded, and the agent is told to try again.
    if (error?.kind !== "lock") throw new Error(`${order.do} ${order.task}: ${error?.message}`);
  }
}

/** Tasks of which something acknowledged is missing. */
function lostIn(records: ReturnType<typeof recordsOf>): readonly string[] {
  return TASKS.filter((task, index) => {
    const record = records[task];
    const isWhole =
      record?.state === "completed" &&
      record.work?.agent === `agent${index}` &&
      record.notes.filter(({ text }) => text === textOf(task)).length === 1;
    return !isWhole;
  });
}

function textOf(task: string): string {
  return `${task} said so`;
}

/** Whoever reads the view at any moment finds it whole, with every task. */
async function readOnAndOn(site: Worksite, seen: { reads: number; broken: string[]; done: boolean }): Promise<void> {
  while (!seen.done) {
    try {
      const { tasks } = site.view();
      const missing = TASKS.filter((task) => tasks?.[task] === undefined);
      if (missing.length > 0) seen.broken.push(`without ${missing.join(" ")}`);
    } catch (error) {
      seen.broken.push(String(error));
    }
    seen.reads += 1;
    await setTimeout(20);
  }
}

async function saving(site: Worksite): Promise<NodeProcess> {
  const copies = ["old", "older"].map((age) => {
    const copy = join(site.folder, `${age}.md`);
    writeFileSync(copy, looseTasks(WRITERS).replaceAll("work", age));
    return copy;
  });
  const script = join(import.meta.dirname, "programs/saver.ts");
  const person = startNode(script, [join(site.repo.path, TASK_FILE), ...copies]);
  await until("the person saves", () => person.stdout() !== "");
  return person;
}

async function ended(one: NodeProcess): Promise<void> {
  if (one.child.exitCode !== null || one.child.signalCode !== null) return;
  const exit = once(one.child, "exit");
  one.child.kill("SIGKILL");
  await exit;
}
