import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findSpec, type TaskRecord } from "@orchard/tracker-core";
import { findPlace, type Orchard, openOrchard } from "../../src/index.ts";
import { openDesk, readSpecs, type TaskDesk } from "../../src/tasks/index.ts";
import { type Garden, garden } from "../harness.ts";
import { testPorts } from "../ports.ts";
import { programCommand } from "../programs.ts";

export const SPEC = "001-orbit";
export const TASK_FILE = `specs/${SPEC}/agent-tasks/layered-tasks.md`;

/** A repository with a spec, lanes of its tasks, and people who work on it beside them. */
export interface SpecGarden extends AsyncDisposable {
  readonly garden: Garden;
  /** A folder outside the repository, for what agents wait for. */
  readonly outside: string;
  /** What the task file says from now on. */
  define(tasks: string): void;
  task(id: string): Promise<TaskRecord | undefined>;
  /** Somebody at a worktree: a lane's, or one made for them. */
  desk(agent: string, at?: string): Promise<TaskDesk>;
  /** Writes a file and commits it there. */
  commit(desk: TaskDesk, files: Readonly<Record<string, string>>): string;
}

/** A line of a task file. */
export function line(id: string, needs: readonly string[] = []): string {
  return `- [ ] ${id} work on ${id}\n      Dependencies: ${needs.length === 0 ? "None" : needs.join(", ")}\n`;
}

export function named(task: string) {
  return { spec: SPEC, task };
}

/** Command of a lane whose agent is the tests' own. */
export function agent(...words: readonly string[]): readonly string[] {
  return [...programCommand("agent"), ...words];
}

export async function specGarden(
  tasks: string,
  options: { readonly files?: Readonly<Record<string, string>>; readonly config?: Record<string, unknown> } = {},
): Promise<SpecGarden> {
  const place = await garden({ files: { [TASK_FILE]: tasks, ...options.files }, config: options.config ?? {} });
  const outside = mkdtempSync(join(realpathSync(tmpdir()), "orchard lanes "));
  const opened: Orchard[] = [];
  const { repo } = place;
  return {
    garden: place,
    outside,
    define: (text) => repo.write({ [TASK_FILE]: text }),
    task: async (id) => findSpec((await readSpecs(place.orchard)).progress, SPEC)?.tasks[id],
    desk: async (name, at) => {
      const path = at ?? join(outside, name);
      if (at === undefined) repo.git(["worktree", "add", "-q", "-b", `by-${name}`, path]);
      const orchard = await openOrchard(findPlace(path), testPorts(), { by: name });
      opened.push(orchard);
      return openDesk(orchard, { agent: name, environment: {} });
    },
    commit: ({ asker }, files) => repo.commit("work", files, asker.place.path),
    [Symbol.asyncDispose]: async () => {
      for (const orchard of opened) await orchard[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
      rmSync(outside, { recursive: true, force: true });
    },
  };
}
