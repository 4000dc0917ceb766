// One agent: takes what is next, works on it, commits, completes it, until the spec is done. Run in the agent's worktree
// with ORBIT_AGENT set. With WATERFALL=1 it waits for whole layers, as it would without task dependencies.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

const me = process.env.ORBIT_AGENT;

for (;;) {
  const { layers } = ask("layer-status", "001");
  const open = layers.find(({ status }) => status !== "completed");
  if (open === undefined) break;
  const task = process.env.WATERFALL === "1" ? firstOf(open) : ask("next", "001").next?.task;
  if (task === undefined || !start(task)) {
    await pause(100);
    continue;
  }
  // Every fifth task is a heavy one.
  await pause(Number(task.slice(1)) % 5 === 0 ? 1500 : 300);
  mkdirSync("parts", { recursive: true });
  writeFileSync(`parts/${task}.txt`, `${task} by ${me}\n`);
  execFileSync("git", ["add", "-A"]);
  execFileSync("git", ["commit", "-qm", `feat: ${task}`]);
  execFileSync("orbit-agent", ["complete", task], { stdio: ["ignore", "inherit", "inherit"] });
}

function firstOf(layer) {
  return layer.tasks.find(({ status }) => status === "available")?.task;
}

/** Another agent may have been faster: then it is the other's. */
function start(task) {
  const { status, stderr } = spawnSync("orbit-agent", ["start", task], { encoding: "utf8" });
  if (status !== 0 && !/TASK_TAKEN|TASK_NOT_AVAILABLE/.test(stderr)) throw new Error(stderr);
  return status === 0;
}

function ask(...words) {
  return JSON.parse(spawnSync("orbit-agent", [...words, "--json"], { encoding: "utf8" }).stdout);
}
