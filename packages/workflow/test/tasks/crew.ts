import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { findSpec, type Progress, type Spec, type TaskRecord } from "@orchard/tracker-core";
import { findPlace, type Orchard, openOrchard, type Ports } from "../../src/index.ts";
import {
  type CompleteOutcome,
  completeTask,
  openDesk,
  readSpecs,
  startTask,
  type TaskDesk,
} from "../../src/tasks/index.ts";
import { type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";
import { named, SPEC, TASK_FILE } from "./named.ts";

/** One agent in a worktree that somebody made by hand, somewhere on the disk. */
export interface Member {
  readonly path: string;
  readonly desk: TaskDesk;
  git(...args: string[]): string;
  /** Writes files and commits them. */
  commit(files: Readonly<Record<string, string>>, message?: string): string;
  /** Starts a task, commits these files for it and completes it. */
  finish(task: string, files: Readonly<Record<string, string>>): Promise<CompleteOutcome>;
}

/** A repository with a spec, and agents that work on it side by side. */
export interface Crew extends AsyncDisposable {
  readonly garden: Garden;
  member(
    agent: string,
    options?: { readonly at?: string; readonly from?: string; readonly ports?: Partial<Ports> },
  ): Promise<Member>;
  /** The same agent in the same worktree, as its next command is: another process, a new store. */
  again(member: Member): Promise<Member>;
  progress(): Promise<Progress>;
  spec(): Promise<Spec>;
  task(id: string): Promise<TaskRecord | undefined>;
  define(text: string): void;
}

export { named, SPEC, TASK_FILE };

export async function crew(
  tasks: string,
  options: {
    readonly config?: Readonly<Record<string, unknown>>;
    readonly files?: Readonly<Record<string, string>>;
  } = {},
): Promise<Crew> {
  const place = await garden({ files: { [TASK_FILE]: tasks, ...options.files }, config: options.config ?? {} });
  const outside = mkdtempSync(join(realpathSync(tmpdir()), "orchard crew "));
  const opened: Orchard[] = [];
  const open = async (agent: string, path: string, ports: Partial<Ports> = {}): Promise<Member> => {
    const orchard = await openOrchard(findPlace(path), { ...testPorts(() => undefined), ...ports }, { by: agent });
    opened.push(orchard);
    const desk = await openDesk(orchard, { agent, environment: {} });
    const git = (...args: string[]) => place.repo.git(args, { cwd: path });
    const commit: Member["commit"] = (files, message = "work") => {
      for (const [file, text] of Object.entries(files)) write(join(path, file), text);
      git("add", "-A");
      git("commit", "-q", "--allow-empty", "-m", message);
      return git("rev-parse", "HEAD");
    };
    const finish: Member["finish"] = async (task, files) => {
      await startTask(desk, named(task));
      commit(files, task);
      return completeTask(desk, named(task));
    };
    return { path, desk, git, commit, finish };
  };
  return {
    garden: place,
    member: async (agent, { at = join(outside, agent), from = "HEAD", ports } = {}) => {
      place.repo.git(["worktree", "add", "-q", "-b", `agent-${agent}`, at, from]);
      return open(agent, at, ports);
    },
    again: (member) => open(member.desk.asker.agent, member.path),
    progress: async () => (await readSpecs(place.orchard)).progress,
    spec: async () => findSpec((await readSpecs(place.orchard)).progress, SPEC)!,
    task: async (id) => findSpec((await readSpecs(place.orchard)).progress, SPEC)?.tasks[id],
    define: (text) => write(join(place.repo.path, TASK_FILE), text),
    [Symbol.asyncDispose]: async () => {
      for (const orchard of opened) await orchard[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
      rmSync(outside, { recursive: true, force: true });
    },
  };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
