import { accessSync, constants, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type OrchSandbox, orchSandbox, type Ran } from "../orch-sandbox.ts";

export type Agent = "claude" | "codex";

/** What a recording agent was started with, in its last attempt. */
export interface Recorded {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly stdin: string;
  /** How often it was started. */
  readonly starts: number;
}

export interface AgentSandbox extends OrchSandbox {
  /** Runs `orch` with a PATH that holds the recording agents and the few programs they need, nothing else. */
  run(args: readonly string[], env?: NodeJS.ProcessEnv): Promise<Ran>;
  /** Adds a lane whose recording agent runs `shell` in the middle of its stream. */
  lane(id: string, shell: string, more?: Readonly<Record<string, unknown>>): Promise<void>;
  /** What started in the lane, by name; the agents that did not are absent. */
  recorded(lane: string): Readonly<Partial<Record<Agent, Recorded>>>;
}

/**
 * A repository, and programs named as the agents that shall count as installed. Each records how it was started,
 * runs the task as shell, and prints a stream of the form that the real one prints.
 */
export function agentSandbox(installed: readonly Agent[], files?: Readonly<Record<string, string>>): AgentSandbox {
  const sandbox = orchSandbox(files);
  const bin = join(sandbox.repo.path, "..", "bin");
  const records = join(sandbox.repo.path, "..", "records");
  for (const folder of [bin, records]) mkdirSync(folder);
  for (const name of TOOLS) symlinkSync(programInPath(name), join(bin, name));
  for (const agent of installed) writeFileSync(join(bin, agent), scriptOf(agent, records), { mode: 0o755 });
  const run: AgentSandbox["run"] = (args, env = {}) => sandbox.orch(args, { env: { ...env, PATH: bin } });
  return {
    ...sandbox,
    run,
    lane: async (id, shell, more = {}) => {
      const ran = await run(["add-lane", id, JSON.stringify({ tasks: [shell], parallel: true, ...more })]);
      if (ran.code !== 0) throw new Error(ran.stderr);
    },
    recorded: (lane) =>
      Object.fromEntries(AGENTS.flatMap((agent) => readRecord(join(records, `${lane}.${agent}`), agent))),
  };
}

const AGENTS: readonly Agent[] = ["claude", "codex"];
const TOOLS = ["sh", "git", "env", "cat", "sed", "mkdir", "dirname", "sleep", "touch", "chmod", "date", "rm"];

function scriptOf(agent: Agent, records: string): string {
  const [begin, end] = STREAMS[agent];
  return `#!/bin/sh
record="${records}/$ORCH_LANE.${agent}"
mkdir -p "$record" && echo x >> "$record/starts"
printf '%s\\0' "$@" > "$record/argv"
env -0 > "$record/env"
cat > "$record/stdin"
echo '${begin}'
eval "$(sed -n 's/^1\\. //p' "$record/stdin")"
echo '${end}'
`;
}

const STREAMS: Readonly<Record<Agent, readonly [string, string]>> = {
  claude: [
    '{"type":"system","subtype":"init","session_id":"session-1","model":"model-1"}',
    '{"type":"result","subtype":"success","is_error":false,"result":"All done.","usage":{"input_tokens":30,"output_tokens":4},"total_cost_usd":0.5,"permission_denials":[]}',
  ],
  codex: [
    '{"type":"thread.started","thread_id":"thread-1"}',
    '{"type":"turn.completed","usage":{"input_tokens":30,"output_tokens":4}}',
  ],
};

function programInPath(name: string): string {
  const paths = (process.env["PATH"] ?? "").split(":").map((folder) => join(folder, name));
  const found = paths.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (found === undefined) throw new Error(`These tests need ${name} in PATH.`);
  return found;
}

function readRecord(folder: string, agent: Agent): readonly (readonly [Agent, Recorded])[] {
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const fields = (file: string) => read(file).split("\0").slice(0, -1);
  try {
    const env = Object.fromEntries(fields("env").map((pair) => pair.split(/=(.*)/s).slice(0, 2)));
    return [[agent, { argv: fields("argv"), env, stdin: read("stdin"), starts: read("starts").length / 2 }]];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
