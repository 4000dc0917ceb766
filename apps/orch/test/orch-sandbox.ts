import { type GitRepo, gitRepo, startNode } from "@orchard/testkit";
import { inject } from "vitest";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface OrchSandbox extends Disposable {
  readonly repo: GitRepo;
  /** Runs `orch` as it is bundled from the present sources, without a terminal, in the repository or in `cwd`. */
  orch(
    args: readonly string[],
    options?: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv; readonly input?: string },
  ): Promise<Ran>;
  /** As {@link orch}; fails the test unless it exits with 0. Returns stdout. */
  ok(...args: readonly string[]): Promise<string>;
  /** Runs with `--json` and returns the object, whatever the exit code. */
  json<Data = Record<string, unknown>>(...args: readonly string[]): Promise<Data>;
}

/** A repository in a path with a space and a letter that is not ASCII, and `orch` as a person without a terminal. */
export function orchSandbox(files: Readonly<Record<string, string>> = { "README.md": "hello\n" }): OrchSandbox {
  const repo = gitRepo(files, { name: "orch sändbox" });
  const orch: OrchSandbox["orch"] = async (args, options = {}) => {
    const started = startNode(inject("orch"), args, {
      cwd: options.cwd ?? repo.path,
      env: { ...PINNED, ...options.env },
    });
    started.child.stdin?.end(options.input ?? "");
    const { code } = await started.ended;
    return { code, stdout: started.stdout(), stderr: started.stderr() };
  };
  return {
    repo,
    orch,
    ok: async (...args) => {
      const ran = await orch(args);
      if (ran.code !== 0)
        throw new Error(`orch ${args.join(" ")} ended with ${ran.code}:\n${ran.stdout}\n${ran.stderr}`);
      return ran.stdout;
    },
    json: async <Data>(...args: readonly string[]) => JSON.parse((await orch([...args, "--json"])).stdout) as Data,
    [Symbol.dispose]: () => repo[Symbol.dispose](),
  };
}

const PINNED: NodeJS.ProcessEnv = {
  NO_COLOR: "1",
  CI: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};

/** A lane whose agent is a line of shell. */
export function shellLane(command: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({ tasks: ["do it"], parallel: true, command, ...more });
}

/** Shell that writes `content` to `file` and commits it. */
export function writes(file: string, content: string): string {
  return `mkdir -p "$(dirname '${file}')" && printf '%s\\n' '${content}' > '${file}' && git add -A && git -c user.name=A -c user.email=a@b commit -qm '${file}'`;
}
