import {
  blockersOf,
  findDefinition,
  findTask,
  findTaskWorktree,
  outOfStep,
  type Progress,
  type Receipt,
  redOf,
  requireTask,
  type TaskName,
} from "@orchard/tracker-core";
import { containedIn, type Oid, parseOid, type Repository } from "@orchard/worktree-git";
import { besideDriver } from "../orchard/worker.ts";
import { verifyCommit } from "../verify/verify-commit.ts";
import { nameOf } from "./brought.ts";
import type { TaskDesk } from "./desk.ts";
import { requireCleanHead } from "./look-at-worktree.ts";
import { readSpecs } from "./read-specs.ts";
import { whatIsHere } from "./what-is-here.ts";

export interface DependencyProblem {
  readonly task: string;
  readonly what: "unfinished" | "rejected" | "missing" | "outdated" | "lost";
  readonly sentence: string;
}

export interface DependencyCheck {
  readonly commit: string;
  readonly dependencies: readonly string[];
  readonly problems: readonly DependencyProblem[];
  /** What the verify commands gave; empty when there are none, or when there are problems already. */
  readonly receipts: readonly Receipt[];
  readonly isGood: boolean;
}

/**
 * Whether the checkout stands on its task's dependencies: each done, none rejected, their commits present as they are
 * today, and the verify commands pass (seed 001, option D). For continuous integration: in a clone whose journal knows
 * nothing of a dependency, the history has to show it. Records nothing. Throws `DIRTY_WORKTREE`.
 */
export async function verifyDependencies(
  desk: TaskDesk,
  name: TaskName,
  interrupted: AbortSignal,
): Promise<DependencyCheck> {
  const { orchard, asker } = desk;
  const { progress } = await readSpecs(orchard);
  const dependencies = requireTask(progress, name).definition?.dependsOn ?? [];
  const commit = await requireCleanHead(desk);
  const problems = await problemsOf(desk, progress, name, commit);
  if (problems.length > 0) return { commit, dependencies, problems, receipts: [], isGood: false };
  const { config } = await orchard.config();
  const work = { subject: `deps-${asker.place.worktree.slice(0, 8)}`, commit, folder: asker.place.path };
  const receipts = await verifyCommit(besideDriver(orchard, interrupted), { ...work, commands: config.verify });
  if (receipts === "interrupted") return { commit, dependencies, problems, receipts: [], isGood: false };
  return { commit, dependencies, problems, receipts, isGood: redOf(receipts) === undefined };
}

async function problemsOf(
  { orchard, asker }: TaskDesk,
  progress: Progress,
  name: TaskName,
  head: Oid,
): Promise<readonly DependencyProblem[]> {
  const { spec, definition } = requireTask(progress, name);
  const repository = await orchard.repository();
  const dependencies = definition?.dependsOn ?? [];
  const commits = dependencies.flatMap((id) => findTask(progress, name.spec, id)?.work?.commit ?? []).map(parseOid);
  const inside = await containedIn(repository, { commits, head });
  const record = findTaskWorktree(progress, asker.place.worktree);
  const here = record && (await whatIsHere(await orchard.hub(), progress, { head, record }));
  const known = record && here ? { ...record, brought: here.brought } : undefined;
  const outdated = new Map((known === undefined ? [] : outOfStep(progress, known)).map((one) => [one.part.task, one]));
  const blockers = definition === undefined ? [] : blockersOf(spec, definition);
  const unmet = new Map(blockers.flatMap((one) => (one.kind === "task" ? [[one.on, one.status] as const] : [])));
  const unrecorded = dependencies.filter((id) => findTask(progress, name.spec, id) === undefined && unmet.has(id));
  const shown = await shownByHistory(repository, head, name.spec, unrecorded);
  return dependencies.flatMap((task): readonly DependencyProblem[] => {
    const found = (what: DependencyProblem["what"], sentence: string) => [{ task, what, sentence }];
    const status = unmet.get(task);
    const commit = findTask(progress, name.spec, task)?.work?.commit;
    const isDefined = findDefinition(spec, task) !== undefined;
    if (shown.has(task)) return [];
    if (status === "changes_requested") return found("rejected", `${task} was rejected.`);
    if (status === "lost") return found("lost", `No branch holds the commit of ${task} any more.`);
    if (status !== undefined && status !== "unlanded") {
      return found("unfinished", `${task} is ${isDefined ? status.replaceAll("_", " ") : "not defined"}.`);
    }
    const why = outdated.get(task)?.why;
    if (why !== undefined) return found("outdated", `The code of ${task} here is not what it is today (${why}).`);
    const isHere =
      commit === undefined ||
      inside.has(parseOid(commit)) ||
      isRecorded(known, task, commit) ||
      here?.own.has(nameOf({ spec: name.spec, task })) === true;
    return isHere
      ? []
      : found("missing", `The commit ${commit.slice(0, 10)} of ${task} is not in ${head.slice(0, 10)}.`);
  });
}

function isRecorded(record: ReturnType<typeof findTaskWorktree>, task: string, commit: string): boolean {
  return (
    record?.brought.some((part) => part.task === task && part.commit === commit && part.takenOut !== true) === true
  );
}

/** How many commits are read for what they say about tasks. */
const COMMITS_READ = 5_000;

/**
 * Tasks whose work the history says it contains: brought in by us and not taken out after, or named by the subject of a
 * commit. For clones that have no journal of the work.
 */
async function shownByHistory(
  repository: Repository,
  head: Oid,
  spec: string,
  tasks: readonly string[],
): Promise<ReadonlySet<string>> {
  const shown = new Set<string>();
  if (tasks.length === 0) return shown;
  const decided = new Set<string>();
  for (const { subject, body } of await repository.log(undefined, head, COMMITS_READ)) {
    const words = new Set(subject.split(/[^A-Za-z0-9._-]+/).map((word) => word.replace(/[.-]+$/, "")));
    const trailers = new Set(body.split("\n"));
    for (const task of tasks) {
      if (decided.has(task)) continue;
      const isRestack = trailers.has(`Orchard-Restack: ${spec}/${task}`);
      const isTakenOut = isRestack && subject.startsWith("Take out ");
      const isShown = isRestack || trailers.has(`Orchard-Brings: ${spec}/${task}`) || words.has(task);
      if (!isShown) continue;
      decided.add(task);
      if (!isTakenOut) shown.add(task);
    }
  }
  return shown;
}
