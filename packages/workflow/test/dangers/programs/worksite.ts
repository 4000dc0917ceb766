import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { readProcessRow } from "@orchard/host";
import { DIE_AT_CALL, type GitRepo, gitRepo, type NodeProcess, startNode, until } from "@orchard/testkit";
import { findSpec, type Progress } from "@orchard/tracker-core";
import { worktreeStateFolder } from "@orchard/worktree-git";
import { findPlace, initialiseRepository, openOrchard } from "../../../src/index.ts";
import { hashOfToken, readToken } from "../../../src/tasks/claim-token.ts";
import { readSpecs } from "../../../src/tasks/index.ts";
import { testPorts } from "../../ports.ts";
import { named, SPEC, TASK_FILE } from "../../tasks/named.ts";
import { type Answer, answer, type Order } from "./answer.ts";

/** A repository with a spec, and worktrees of agents beside it, all below one folder. */
export interface Worksite extends Disposable {
  readonly repo: GitRepo;
  readonly folder: string;
  /** Makes the worktree of an agent; its path. */
  settle(agent: string, from?: string): string;
  pathOf(agent: string): string;
  git(agent: string, ...args: string[]): string;
  /** Writes files in the agent's worktree and commits them. */
  commit(agent: string, files: Readonly<Record<string, string>>): string;
  /** A command, in this process. */
  ask(agent: string, order: Asked): Promise<Answer>;
  /** A command that has to succeed. */
  must(agent: string, order: Asked): Promise<Answer>;
  /** A command, in a process of its own. */
  start(agent: string, order: Asked, environment?: NodeJS.ProcessEnv): NodeProcess;
  /** Waits until a process stands still. */
  stopped(one: NodeProcess): Promise<unknown>;
  progress(): Promise<Progress>;
  view(): Record<string, Record<string, { status: string; [field: string]: unknown }>>;
  /** The hash that the token in the agent's worktree has, if there is one. */
  proofOf(agent: string, task: string): Promise<string | undefined>;
  /** Keeps everything as it is, and puts it back as often as wanted. */
  picture(): () => void;
}

export type Asked = Pick<Order, "do" | "task" | "text" | "resolve" | "without">;

const DESK = join(import.meta.dirname, "desk.ts");

export async function worksite(
  tasks: string,
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly config?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<Worksite> {
  const repo = gitRepo({
    "README.md": "hello\n",
    "orch.config.jsonc": JSON.stringify({ ...options.config }),
    [TASK_FILE]: tasks,
    ...options.files,
  });
  const place = findPlace(repo.path);
  await initialiseRepository(place, testPorts(), { by: "test" });
  const folder = dirname(repo.path);
  const crew = join(folder, "crew");
  mkdirSync(crew);
  const pathOf = (agent: string) => join(crew, agent);
  const git: Worksite["git"] = (agent, ...args) => repo.git(args, { cwd: pathOf(agent) });
  const orderOf = (agent: string, asked: Asked): Order => ({ at: pathOf(agent), agent, ...asked });
  return {
    repo,
    folder,
    pathOf,
    git,
    settle: (agent, from = "main") => {
      repo.git(["worktree", "add", "-q", "-b", `agent-${agent}`, pathOf(agent), from]);
      return pathOf(agent);
    },
    commit: (agent, files) => repo.commit(Object.keys(files).join(" "), files, pathOf(agent)),
    ask: (agent, asked) => answer(orderOf(agent, asked)),
    must: async (agent, asked) => {
      const told = await answer(orderOf(agent, asked));
      if (told.outcome === undefined) throw new Error(`${agent} ${asked.do} ${asked.task}: ${told.error?.message}`);
      return told;
    },
    start: (agent, asked, environment = {}) => {
      const dies = Object.keys(environment).some((name) => name.startsWith("ORCHARD_"));
      return startNode(DESK, [JSON.stringify(orderOf(agent, asked))], {
        env: { ...environment, NODE_OPTIONS: dies ? `--import ${pathToFileURL(DIE_AT_CALL).href}` : "" },
      });
    },
    stopped: ({ pid }) => until("it stands still", () => readProcessRow(pid)?.state === "stopped"),
    progress: async () => {
      await using orchard = await openOrchard(place, testPorts(), { by: "test" });
      return (await readSpecs(orchard)).progress;
    },
    view: () => JSON.parse(readFileSync(join(repo.path, dirname(TASK_FILE), ".progress.json"), "utf8")),
    proofOf: async (agent, task) => {
      const commonDir = join(repo.path, ".git");
      const stateFolder = worktreeStateFolder({ gitDir: join(commonDir, "worktrees", agent), commonDir });
      const token = await readToken({ agent, place: { worktree: "", path: "" }, stateFolder }, named(task));
      return token && hashOfToken(token.token);
    },
    picture: () => {
      const kept = join(folder, "picture");
      const parts = ["repo", "crew"].filter((part) => existsSync(join(folder, part)));
      for (const part of parts) copy(join(folder, part), join(kept, part));
      return () => {
        for (const part of parts) copy(join(kept, part), join(folder, part));
      };
    },
    [Symbol.dispose]: () => repo[Symbol.dispose](),
  };
}

export function recordsOf(progress: Progress) {
  return findSpec(progress, SPEC)?.tasks ?? {};
}

/** A task file with tasks that need nothing of each other. */
export function looseTasks(count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `- [ ] ${idOf(index + 1)} work ${index + 1}`);
  return `## Layer 1: All\n${lines.join("\n")}\n`;
}

export function idOf(number: number): string {
  return `T${String(number).padStart(3, "0")}`;
}

/** What a program that carries out one order printed. */
export async function toldBy(one: NodeProcess): Promise<Answer | undefined> {
  const { code, signal } = await one.ended;
  if (signal !== null) return undefined;
  const line = one.stdout().trim();
  if (code !== 0 || line === "") throw new Error(`it ended with ${code}: ${one.stderr()}`);
  const told = JSON.parse(line) as Answer & { readonly fault?: string };
  if (told.fault !== undefined) throw new Error(told.fault);
  return told;
}

function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true, maxRetries: 10 });
  cpSync(from, to, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
}

/** Locks that nobody holds any more and that still stand somewhere. */
export function leftLocks(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith("index.lock"));
}
