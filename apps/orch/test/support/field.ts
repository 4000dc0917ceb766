import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DIE_AT_CALL, type GitRepo, gitRepo, until } from "@orchard/testkit";
import { inject } from "vitest";
import { factsIn, type SeenFact } from "./facts.ts";
import { processesTouching } from "./processes-touching.ts";

export interface OrchProcess {
  readonly child: ChildProcess;
  readonly pid: number;
  stdout(): string;
  stderr(): string;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface LanePlan {
  readonly id: string;
  readonly dependsOn?: readonly string[];
  readonly parallel?: boolean;
  /** How often the agent fails before it succeeds. */
  readonly fails?: number;
  readonly verify?: readonly string[];
}

/** One line of the agents' own log: written by the agents, outside the repository, so no clean-up reaches it. */
export interface Run {
  readonly lane: string;
  readonly attempt: string;
  readonly what: "begin" | "done";
}

/** A repository to break things in, with scripted agents that log each run outside of it. */
export interface Field extends AsyncDisposable {
  readonly repo: GitRepo;
  /** The folder around the repository, with the log and the gates. */
  readonly folder: string;
  /** Starts `orch`. */
  start(args: readonly string[], env?: Readonly<Record<string, string>>): OrchProcess;
  /** Runs `orch` to its end; fails when the exit code is none of `codes`. */
  orch(
    args: readonly string[],
    options?: { readonly codes?: readonly number[]; readonly env?: Readonly<Record<string, string>> },
  ): Promise<string>;
  json<T>(...args: readonly string[]): Promise<T>;
  addLanes(lanes: readonly LanePlan[]): Promise<void>;
  /** Agents of this lane wait before their work until it is released. */
  hold(lane: string): void;
  release(lane: string): void;
  runs(): readonly Run[];
  facts(): readonly SeenFact[];
  /** Waits until a fact that `wanted` accepts stands in the journal behind the first `after`. */
  seen(wanted: (fact: SeenFact) => boolean, after?: number): Promise<SeenFact>;
  read(file: string): string;
}

export async function field(
  config: Readonly<Record<string, unknown>> = { verify: ["sleep 0.05; test -f README.md"] },
  { isNew = false }: { readonly isNew?: boolean } = {},
): Promise<Field> {
  const repo = gitRepo({ "README.md": "hello\n", "orch.config.jsonc": `${JSON.stringify(config)}\n` });
  const folder = dirname(repo.path);
  const log = join(folder, "runs.log");
  writeFileSync(log, "");
  writeFileSync(join(folder, "agent.sh"), AGENT);
  chmodSync(join(folder, "agent.sh"), 0o755);
  const started = new Set<OrchProcess>();
  const start: Field["start"] = (args, env = {}) => {
    const one = startOrch(args, repo.path, env);
    started.add(one);
    void one.ended.then(() => started.delete(one));
    return one;
  };
  const orch: Field["orch"] = async (args, { codes = [0], env = {} } = {}) => {
    const one = start(args, env);
    const { code, signal } = await one.ended;
    if (code === null || !codes.includes(code))
      throw new Error(`orch ${args.join(" ")}: exit ${code ?? signal}\n${one.stdout()}${one.stderr()}`);
    return one.stdout();
  };
  const facts = () => factsIn(repo.path);
  const made: Field = {
    repo,
    folder,
    start,
    orch,
    facts,
    json: async (...args) => JSON.parse(await orch([...args, "--json"], { codes: [0, 1, 3, 5] })),
    addLanes: async (lanes) => {
      for (const { id, dependsOn = [], parallel = true, fails = 0, verify } of lanes) {
        const command = ["/bin/sh", join(folder, "agent.sh"), folder, String(fails), ...dependsOn];
        const json = {
          tasks: [`write ${id}`],
          parallel,
          dependsOn,
          command,
          ...(verify === undefined ? {} : { verify }),
        };
        await orch(["add-lane", id, JSON.stringify(json)]);
      }
    },
    hold: (lane) => writeFileSync(join(folder, `hold-${lane}`), ""),
    release: (lane) => rmSync(join(folder, `hold-${lane}`), { force: true }),
    runs: () =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => {
          const [lane = "", attempt = "", what = ""] = line.split(" ");
          return { lane, attempt, what: what as Run["what"] };
        }),
    seen: (wanted, after = 0) => until("a fact", () => facts().slice(after).find(wanted), { every: 2 }),
    read: (file) => (existsSync(join(folder, file)) ? readFileSync(join(folder, file), "utf8") : ""),
    [Symbol.asyncDispose]: async () => {
      for (const one of started) one.child.kill("SIGKILL");
      await until("nothing of the test runs any more", () => {
        const left = processesTouching(folder);
        for (const { pid } of left) endQuietly(pid);
        return left.length === 0;
      });
      repo[Symbol.dispose]();
    },
  };
  if (!isNew) await orch(["init"]);
  return made;
}

/** Arguments: folder of log and gates, how often to fail first, lanes whose work must be there. */
const AGENT = `set -eu
folder=$1; fails=$2; shift 2
say() { printf '%s %s %s\\n' "$ORCH_LANE" "$ORCH_ATTEMPT" "$1" >> "$folder/runs.log"; }
say begin
while [ -e "$folder/hold-$ORCH_LANE" ]; do sleep 0.05; done
sleep 0.1
mkdir -p out
{ echo "work of $ORCH_LANE"; for lane in "$@"; do cat "out/$lane.txt"; done; } > "out/$ORCH_LANE.txt"
if [ "$(grep -c "^$ORCH_LANE .* begin" "$folder/runs.log")" -le "$fails" ]; then exit 9; fi
git add -A
git diff --cached --quiet || git commit -qm "work of $ORCH_LANE"
say done
`;

function startOrch(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): OrchProcess {
  const preload =
    env["ORCHARD_DIE_AT"] === undefined && env["ORCHARD_CALLS"] === undefined ? [] : ["--import", DIE_AT_CALL];
  const child = spawn(process.execPath, [...preload, inject("orch"), ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", ...env },
  });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  return {
    child,
    pid: child.pid ?? -1,
    stdout: () => Buffer.concat(out).toString("utf8"),
    stderr: () => Buffer.concat(err).toString("utf8"),
    ended,
  };
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended by itself meanwhile.
  }
}
