/**
 * P3: `orbit-agent start` and `complete` as one-shot processes, 16 agents at a time in 16 worktrees, a progress file of
 * about 1 MB, beside the same number of bare `node -e 0`. Every task has to be claimed and completed exactly once.
 */
import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reportRatios } from "./report.ts";

const AGENTS = 16;
const TASKS = 4_500;
const PER_ROUND = 4;
const ROUNDS = 3;

const root = join(import.meta.dirname, "..");
const orbitAgent = join(root, "packages", "agent-cli", "dist", "orbit-agent.cjs");
const orch = join(root, "apps", "orch", "dist", "orch.js");
const stage = mkdtempSync(join(realpathSync(tmpdir()), "orchard p3 "));

try {
  const repo = repository();
  const ours: number[] = [];
  const theirs: number[] = [];
  let next = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const tasks = Array.from({ length: AGENTS * PER_ROUND }, () => taskId(next++));
    ours.push(
      await rate(tasks.length * 2, (agent) =>
        work(
          agent,
          tasks.filter((_, index) => index % AGENTS === agent),
        ),
      ),
    );
    theirs.push(
      await rate(tasks.length * 2, async () => {
        for (let call = 0; call < PER_ROUND * 2; call += 1) await end([process.execPath, "-e", "0"], repo, {});
      }),
    );
  }
  const { tasks } = progress(repo);
  const done = Object.values(tasks).filter(({ status, epoch }) => status === "completed" && epoch === 1).length;
  if (done !== next) throw new Error(`${next} tasks were worked on, ${done} are completed with their first claim`);
  const size = `${(statSync(progressFile(repo)).size / 1e6).toFixed(1)} MB`;
  reportRatios("p3-one-shot", `start + complete, ${AGENTS} at a time, ${size}, 0 lost, 0 failed`, [
    { what: "processes a second", ours, theirs, unit: "/s", better: "higher", goal: { atLeast: 0.8 } },
  ]);
} finally {
  rmSync(stage, { recursive: true, force: true });
}

function repository(): string {
  const repo = join(stage, "repo");
  mkdirSync(join(repo, "specs/001-big/agent-tasks"), { recursive: true });
  const git = (...args: string[]) => execFileSync("git", args, { cwd: repo });
  git("init", "-q", "-b", "main");
  git("config", "user.name", "Bench");
  git("config", "user.email", "bench@example.invalid");
  const lines = Array.from({ length: TASKS }, (_, index) => `- [ ] ${taskId(index)} a task of a big specification`);
  writeFileSync(join(repo, "specs/001-big/agent-tasks/layered-tasks.md"), `## Layer 1: All\n${lines.join("\n")}\n`);
  git("add", "-A");
  git("commit", "-qm", "the plan");
  execFileSync(process.execPath, [orch, "init"], { cwd: repo });
  for (let agent = 0; agent < AGENTS; agent += 1)
    git("worktree", "add", "-q", "-b", `a${agent}`, join(stage, `a${agent}`));
  return repo;
}

async function work(agent: number, tasks: readonly string[]): Promise<void> {
  const cwd = join(stage, `a${agent}`);
  for (const task of tasks) {
    for (const words of [
      ["start", task],
      ["complete", task, "--no-code", "--reason", "bench"],
    ]) {
      await end([process.execPath, orbitAgent, ...words], cwd, { ORBIT_AGENT: `a${agent}` });
    }
  }
}

async function rate(calls: number, each: (agent: number) => Promise<void>): Promise<number> {
  const begin = performance.now();
  await Promise.all(Array.from({ length: AGENTS }, (_, agent) => each(agent)));
  return calls / ((performance.now() - begin) / 1000);
}

async function end(
  [program = "", ...args]: readonly string[],
  cwd: string,
  extra: Record<string, string>,
): Promise<void> {
  const child = spawn(program, args, { cwd, env: { ...process.env, ...extra }, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (part) => (said += String(part)));
  const code = await new Promise((resolve) => child.on("close", resolve));
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}: ${said}`);
}

interface ProgressFile {
  readonly tasks: Readonly<Record<string, { readonly status: string; readonly epoch?: number }>>;
}

function progress(repo: string): ProgressFile {
  execFileSync(process.execPath, [orbitAgent, "layer-status", "001"], { cwd: repo });
  return JSON.parse(readFileSync(progressFile(repo), "utf8")) as ProgressFile;
}

function progressFile(repo: string): string {
  return join(repo, "specs/001-big/agent-tasks/.progress.json");
}

function taskId(index: number): string {
  return `T${String(index + 1).padStart(4, "0")}`;
}
