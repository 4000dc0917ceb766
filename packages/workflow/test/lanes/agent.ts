import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { findPlace, openOrchard } from "../../src/index.ts";
import { completeTask, laneAsking, nextTask, openDesk, refreshSpecs, startTask } from "../../src/tasks/index.ts";
import { testPorts } from "../ports.ts";

/**
 * An agent as a lane of spec tasks needs it: works through what is available of `ORBIT_TASKS`, a file for each task.
 * `file=<task>:<path>` writes another file; `hold=<task>:<path>` waits for `path` before it completes the task;
 * `most=<n>` ends after so many; `idle` does nothing; `claim` only starts a task; `dirty` leaves a file uncommitted.
 */
const words = process.argv.slice(2).map((word) => word.split(/[=:]/));
const has = (name: string) => words.some(([word]) => word === name);
const said = (name: string, task: string) => words.find(([word, of]) => word === name && of === task)?.[2];
const log = words.find(([word]) => word === "log")?.[1];
const most = Number(words.find(([word]) => word === "most")?.[1] ?? 100);
const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf8" });

const environment = process.env;
const spec = environment["ORBIT_SPEC"] ?? "";
await using orchard = await openOrchard(findPlace(process.cwd()), testPorts(), { by: "agent" });
const desk = await openDesk(orchard, { environment });
if (log !== undefined) appendFileSync(log, `${environment["ORCH_LANE"]}\n`);
for (let done = 0; !has("idle") && done < most; done++) {
  const { progress } = await refreshSpecs(orchard);
  const next = nextTask(progress, [spec], desk.asker.agent, laneAsking(environment));
  if (next === undefined) break;
  const started = await startTask(desk, { spec, task: next.task });
  if (started.kind === "conflicted") process.exit(1);
  if (has("claim")) break;
  const file = said("file", next.task) ?? `${next.task}.txt`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${next.task} by ${environment["ORCH_LANE"]}\n`);
  git("add", "-A");
  git("commit", "-qm", next.task);
  const hold = said("hold", next.task);
  while (hold !== undefined && !existsSync(hold)) await sleep(20);
  await completeTask(desk, { spec, task: next.task });
}
if (has("dirty")) writeFileSync("left.txt", "left\n");
