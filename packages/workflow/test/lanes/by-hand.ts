import { ownIdentity } from "@orchard/host";
import type { LaneId } from "@orchard/kernel";
import { happened, type TrackerFact } from "@orchard/tracker-core";
import { addWorktree, parseRef } from "@orchard/worktree-git";
import { ensureLanded, record } from "../../src/index.ts";
import { completeTask, startTask, type TaskDesk } from "../../src/tasks/index.ts";
import { named, type SpecGarden } from "./spec-garden.ts";

/** A lane whose agent is the test itself: a real worktree, and the facts that execute records. */
export interface HandLane {
  readonly desk: TaskDesk;
  readonly path: string;
  /** Starts a task, writes and commits the files, completes it. Returns the commit. */
  work(task: string, files: Readonly<Record<string, string>>): Promise<string>;
  git(...args: string[]): string;
  /** Another attempt, after `retryLane`. */
  again(): Promise<void>;
  /** The agent ends and its work is verified. Returns the head. */
  finish(): Promise<string>;
}

export async function handLane(
  orbit: SpecGarden,
  id: string,
  tasks: readonly string[],
  definition: Readonly<Record<string, unknown>> = {},
): Promise<HandLane> {
  const { garden: g } = orbit;
  const repository = await g.orchard.repository();
  const lane = id as LaneId;
  const path = g.worktree(id);
  const branch = `lane-${id}`;
  await g.add(id, { spec: "001", tasks, command: "false", ...definition });
  const start = await ensureLanded(repository, parseRef("refs/heads/main"));
  await addWorktree(repository, {
    path,
    branch: parseRef(`refs/heads/${branch}`),
    start,
    reason: `orchard lane ${id}`,
  });
  const facts = (...list: readonly TrackerFact[]) => record(g.orchard, `lane ${id}`, () => happened(...list));
  let attempt = { lane, token: `t-${id}` };
  await facts(
    { type: "lane-preparing", lane, worktree: `.worktrees/agent-${id}`, branch, start, contains: [] },
    { type: "worktree-ready", lane, head: start },
    { type: "attempt-intended", ...attempt, number: 1, agent: id },
    { type: "attempt-started", ...attempt, supervisor: { ...ownIdentity(), startTime: "0" } },
  );
  const desk = await orbit.desk(id, path);
  const git = (...args: string[]) => g.repo.git(args, { cwd: path });
  return {
    desk,
    path,
    git,
    work: async (task, files) => {
      const started = await startTask(desk, named(task));
      if (started.kind === "conflicted") throw new Error(`${task} conflicts in ${started.files.join(", ")}`);
      const commit = orbit.commit(desk, files);
      await completeTask(desk, named(task));
      return commit;
    },
    again: async () => {
      attempt = { lane, token: `t2-${id}` };
      const supervisor = { ...ownIdentity(), startTime: "0" };
      await facts(
        { type: "attempt-intended", ...attempt, number: 2, agent: id },
        { type: "attempt-started", ...attempt, supervisor },
      );
    },
    finish: async () => {
      const head = git("rev-parse", "HEAD");
      const end = { outcome: "exited", code: 0, signal: null } as const;
      const changedFiles = git("diff", "--name-only", start, head).split("\n");
      const work = { head, results: [], changedFiles, receipts: [], unverified: true };
      await facts({ type: "attempt-ended", ...attempt, end }, { type: "lane-completed", lane, work });
      return head;
    },
  };
}
