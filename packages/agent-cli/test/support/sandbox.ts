import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type GitRepo, gitRepo, startNode, temporaryFolder } from "@orchard/testkit";
import { findPlace, initialiseRepository, type Place } from "@orchard/workflow";
import { inject } from "vitest";
import { realPorts } from "../../src/composition.ts";

export const TASK_FILE = "specs/001-orbit/agent-tasks/layered-tasks.md";

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly agent?: string;
  readonly env?: NodeJS.ProcessEnv;
}

export interface Sandbox extends Disposable {
  readonly repo: GitRepo;
  readonly place: Place;
  /** Runs the bundled `orbit-agent` without a terminal, in the repository or in `cwd`. */
  run(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** As `run`; fails the test unless it exits with 0. Returns stdout. */
  ok(args: readonly string[], options?: RunOptions): Promise<string>;
  /** A worktree made by hand, outside of the repository, in a path with a space. */
  worktree(name: string): string;
}

/** A repository with one spec in which `orch init` was run, in a path with a space and a letter that is not ASCII. */
export async function sandbox(tasks: string, files: Readonly<Record<string, string>> = {}): Promise<Sandbox> {
  const repo = gitRepo({ [TASK_FILE]: tasks, ...files }, { name: "orbit sändbox" });
  const elsewhere = temporaryFolder("by hand");
  const place = findPlace(repo.path);
  await initialiseRepository(
    place,
    realPorts(() => undefined, {}),
    { by: "test" },
  );
  const run: Sandbox["run"] = async (args, { cwd = repo.path, agent, env = {} } = {}) => {
    const identity = agent === undefined ? {} : { ORBIT_AGENT: agent };
    const started = startNode(inject("orbitAgent"), args, { cwd, env: { ...PINNED, ...identity, ...env } });
    started.child.stdin?.end();
    const { code } = await started.ended;
    return { code, stdout: started.stdout(), stderr: started.stderr() };
  };
  return {
    repo,
    place,
    run,
    ok: async (args, options) => {
      const ran = await run(args, options);
      if (ran.code !== 0) throw new Error(`${args.join(" ")} ended with ${ran.code}:\n${ran.stdout}${ran.stderr}`);
      return ran.stdout;
    },
    worktree: (name) => {
      mkdirSync(elsewhere.path, { recursive: true });
      const path = join(elsewhere.path, name);
      repo.git(["worktree", "add", "-q", "-b", name.replaceAll(" ", "-"), path]);
      return path;
    },
    [Symbol.dispose]: () => {
      elsewhere[Symbol.dispose]();
      repo[Symbol.dispose]();
    },
  };
}

const PINNED: NodeJS.ProcessEnv = {
  NO_COLOR: "1",
  CI: "1",
  ORBIT_AGENT: "",
  ORBIT_SPEC: "",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_CONFIG_SYSTEM: "/dev/null",
};
