import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { OrchardError } from "@orchard/kernel";
import { entryCommand } from "../composition.ts";
import { AGENT_SCRIPT } from "./agent-script.ts";
import { DEMO_LANES, type DemoLane } from "./lanes.ts";
import { PROJECT_FILES } from "./project.ts";

/** Where the demo plays: a folder of its own with a project and the agent's program. */
export interface Stage {
  readonly project: string;
  /** JSON for `orch add-lane`. */
  definition(lane: DemoLane): string;
  git(...args: readonly string[]): string;
  /** Starts `orch` in the project, as a person would; its output goes to `show`. */
  orch(args: readonly string[], show: (chunk: string) => void): StartedOrch;
}

export interface StartedOrch {
  readonly pid: number;
  readonly ended: Promise<number | null>;
}

export function setTheStage(folder: string | undefined): Stage {
  const home = folder ?? mkdtempSync(join(tmpdir(), "orchard-demo-"));
  mkdirSync(home, { recursive: true });
  if (readdirSync(home).length > 0) throw folderNotEmpty(home);
  const project = join(realpathSync(home), "pocket-notes");
  for (const [file, content] of Object.entries(PROJECT_FILES)) write(join(project, file), content);
  const script = join(realpathSync(home), "agent.mjs");
  const work = join(realpathSync(home), "agent-work.json");
  write(script, AGENT_SCRIPT);
  write(work, JSON.stringify(Object.fromEntries(DEMO_LANES.map((lane) => [lane.id, lane]))));
  const env = environment();
  const git = (...args: readonly string[]) =>
    execFileSync("git", [...args], {
      cwd: project,
      env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trimEnd();
  git("init", "-q", "-b", "main");
  git("config", "user.name", "Demo");
  git("config", "user.email", "demo@example.invalid");
  git("add", "-A");
  git("commit", "-q", "-m", "pocket-notes");
  return {
    project,
    git,
    definition: ({ tasks, priority = "medium", dependsOn = [] }) =>
      JSON.stringify({ tasks, priority, dependsOn, parallel: true, command: [process.execPath, script, work] }),
    orch: (args, show) => startOrch(args, { cwd: project, env, show }),
  };
}

/** The person's own environment, with the Node that runs this first, and nothing that steers git elsewhere. */
function environment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_"));
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, GIT_EDITOR: "true" };
}

function startOrch(
  args: readonly string[],
  { cwd, env, show }: { cwd: string; env: NodeJS.ProcessEnv; show: (chunk: string) => void },
): StartedOrch {
  const [program = "", ...rest] = [...entryCommand("orch"), ...args];
  const colours = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined ? { FORCE_COLOR: "1" } : {};
  const child = spawn(program, rest, { cwd, env: { ...env, ...colours }, stdio: ["ignore", "pipe", "pipe"] });
  child.stdout.setEncoding("utf8").on("data", show);
  child.stderr.setEncoding("utf8").on("data", show);
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code));
  });
  return { pid: child.pid ?? 0, ended };
}

function folderNotEmpty(folder: string): OrchardError {
  return new OrchardError({
    code: "FOLDER_NOT_EMPTY",
    kind: "user",
    message: `${folder} is not empty.`,
    hint: "Name a new folder, or none: orch demo",
    details: { folder },
  });
}

function write(path: string, content: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
