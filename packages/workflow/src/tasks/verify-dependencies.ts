import {
  blockersOf,
  findDefinition,
  findTask,
  findTaskWorktree,
  outOfStep,
  type Receipt,
  requireTask,
  type TaskName,
} from "@orchard/tracker-core";
import { containedIn, inspectWorktree, parseOid } from "@orchard/worktree-git";
import type { TaskDesk } from "./desk.ts";
import { noCommitYet } from "./errors.ts";
import { readSpecs } from "./read-specs.ts";

export interface DependencyProblem {
  readonly task: string;
  readonly what: "unfinished" | "rejected" | "missing" | "outdated" | "lost";
  readonly sentence: string;
}

export interface DependencyCheck {
  readonly commit: string;
  readonly dependencies: readonly string[];
  readonly problems: readonly DependencyProblem[];
  /** What the verify commands gave; empty when there are none or when there are problems already. */
  readonly receipts: readonly Receipt[];
}

/**
 * Whether the checkout stands on its task's dependencies: each done, none rejected, the commits present as they are today
 * (seed 001, option D). Reads only; for continuous integration.
 */
export async function checkDependencies(
  { orchard, asker }: TaskDesk,
  name: TaskName,
): Promise<Omit<DependencyCheck, "receipts">> {
  const { progress } = await readSpecs(orchard);
  const { spec, definition } = requireTask(progress, name);
  const repository = await orchard.repository();
  const { head } = await inspectWorktree(repository, asker.place.path);
  if (head === undefined) throw noCommitYet(asker.place.path);
  const dependencies = definition?.dependsOn ?? [];
  const problems: DependencyProblem[] = [];
  const commits = dependencies.flatMap((id) => findTask(progress, name.spec, id)?.work?.commit ?? []).map(parseOid);
  const inside = await containedIn(repository, { commits, head });
  const record = findTaskWorktree(progress, asker.place.worktree);
  const flagged = new Map((record === undefined ? [] : outOfStep(progress, record)).map((one) => [one.part.task, one]));
  const unmet = new Map(
    (definition === undefined ? [] : blockersOf(spec, definition)).flatMap((one) =>
      one.kind === "task" ? [[one.on, one.status] as const] : [],
    ),
  );
  for (const task of dependencies) {
    const status = unmet.get(task);
    const commit = findTask(progress, name.spec, task)?.work?.commit;
    const found = findDefinition(spec, task);
    if (status === "changes_requested") problems.push({ task, what: "rejected", sentence: `${task} was rejected.` });
    else if (status === "lost")
      problems.push({ task, what: "lost", sentence: `No branch holds the commit of ${task} any more.` });
    else if (status !== undefined && status !== "unlanded")
      problems.push({
        task,
        what: "unfinished",
        sentence: `${task} is ${found === undefined ? "not defined" : status.replaceAll("_", " ")}.`,
      });
    else if (flagged.has(task))
      problems.push({
        task,
        what: "outdated",
        sentence: `The code of ${task} here is not what it is today (${flagged.get(task)?.why}).`,
      });
    else if (commit !== undefined && !inside.has(parseOid(commit)) && !isKnownIn(record, task, commit))
      problems.push({
        task,
        what: "missing",
        sentence: `The commit ${commit.slice(0, 10)} of ${task} is not in ${head.slice(0, 10)}.`,
      });
  }
  return { commit: head, dependencies, problems };
}

function isKnownIn(record: ReturnType<typeof findTaskWorktree>, task: string, commit: string): boolean {
  return (
    record?.brought.some((part) => part.task === task && part.commit === commit && part.takenOut !== true) === true
  );
}
