import { ownIdentity } from "@orchard/host";
import type { LaneId } from "@orchard/kernel";
import { type BroughtIn, happened, lanesInOrder, type TrackerFact } from "@orchard/tracker-core";
import { addWorktree, parseOid, parseRef } from "@orchard/worktree-git";
import { record } from "../src/index.ts";
import type { Garden } from "./harness.ts";

export interface Growth {
  readonly dependsOn?: readonly string[];
  readonly priority?: "high" | "medium" | "low";
  readonly verify?: readonly string[];
  /** Start of the lane; what has landed by default. */
  readonly start?: string;
  readonly contains?: readonly BroughtIn[];
  /** Shell-free change of the worktree beyond writing `files`. */
  readonly change?: (folder: string) => void;
  readonly unverified?: boolean;
}

/**
 * A lane whose work is done: a real worktree with a real commit, and the facts that execute would have recorded,
 * without the seconds that an agent takes. Returns the commit.
 */
export async function grown(
  g: Garden,
  id: string,
  files: Readonly<Record<string, string>>,
  growth: Growth = {},
): Promise<string> {
  const { dependsOn = [], priority = "medium", contains = [], unverified = true } = growth;
  const repository = await g.orchard.repository();
  const start = growth.start ?? g.at("refs/orch/landed/main");
  const path = g.worktree(id);
  const branch = parseRef(`refs/heads/lane-${id}`);
  await addWorktree(repository, { path, branch, start: parseOid(start), reason: `orchard lane ${id}` });
  growth.change?.(path);
  const head = g.repo.commit(`work of ${id}`, files, path);
  const changedFiles = (await repository.changedPaths(parseOid(start), parseOid(head))).map((changed) => changed.path);
  const lane = id as LaneId;
  const token = `${id}-${lanesInOrder(await g.tracker()).length}`;
  const facts: TrackerFact[] = [
    {
      type: "lane-added",
      lane,
      definition: {
        tasks: [`Do ${id}`],
        parallel: true,
        priority,
        dependsOn: dependsOn as readonly LaneId[],
        files: [],
        noChange: false,
        ...(growth.verify === undefined ? {} : { verify: growth.verify }),
      },
      attemptsAllowed: 2,
    },
    {
      type: "lane-preparing",
      lane,
      worktree: `.worktrees/agent-${id}`,
      branch: `lane-${id}`,
      start,
      contains,
    },
    { type: "worktree-ready", lane, head: start },
    { type: "attempt-intended", lane, token, number: 1, agent: "command" },
    { type: "attempt-started", lane, token, supervisor: { ...ownIdentity(), startTime: "0" } },
    { type: "attempt-ended", lane, token, end: { outcome: "exited", code: 0, signal: null } },
    { type: "lane-completed", lane, work: { head, results: [], changedFiles, receipts: [], unverified } },
  ];
  await record(g.orchard, `${id} has grown`, () => happened(...facts));
  return head;
}
