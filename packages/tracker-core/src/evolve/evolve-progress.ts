import type { IsoTime } from "@orchard/kernel";
import type { BroughtTask, Progress, TaskWorktree, WorktreeMove } from "../domain/progress.ts";
import { findSpec, findTask, findTaskWorktree, MOVES_KEPT } from "../domain/progress.ts";
import type { Spec } from "../domain/spec.ts";
import type { SpecFact, TaskFact } from "../domain/spec-fact.ts";
import type { ClaimPlace, ContainedTask } from "../domain/task.ts";
import { evolveTask } from "./evolve-task.ts";

/** The progress after `fact`, which happened at `at`. Pure and total over every fact ever written. */
export function evolveProgress(progress: Progress, fact: SpecFact, at: IsoTime): Progress {
  return { ...after(progress, fact, at), updatedAt: at };
}

function after(progress: Progress, fact: SpecFact, at: IsoTime): Progress {
  switch (fact.type) {
    case "spec-defined": {
      const before = findSpec(progress, fact.spec);
      return withSpec(progress, { name: fact.spec, tasks: before?.tasks ?? {}, definition: fact.definition });
    }
    case "spec-gone": {
      const spec = findSpec(progress, fact.spec);
      return spec === undefined ? progress : withSpec(progress, { ...spec, goneSince: at });
    }
    case "worktree-seen":
      return withWorktree(progress, seen(progress, fact.place));
    case "worktree-move-intended":
      return changed(progress, fact.worktree, { move: fact.move });
    case "worktree-moved":
      return movedOn(progress, fact.worktree, at);
    case "worktree-move-abandoned":
      return changed(progress, fact.worktree, { move: undefined });
    case "worktree-conflicted":
      return changed(progress, fact.worktree, { conflict: fact.conflict });
    case "worktree-conflict-ended":
      return changed(progress, fact.worktree, { conflict: undefined });
    case "worktree-contents-seen":
      return changed(progress, fact.worktree, { brought: fact.brought });
    case "tips-seen":
      return { ...progress, tips: withTips(progress.tips, fact.tips) };
    default:
      return withTask(progress, fact, at);
  }
}

function withTask(progress: Progress, fact: TaskFact, at: IsoTime): Progress {
  const spec = findSpec(progress, fact.spec);
  if (spec === undefined) return progress;
  const before = Object.hasOwn(spec.tasks, fact.task) ? spec.tasks[fact.task] : undefined;
  const task = evolveTask(before, fact, at);
  const next = withSpec(progress, { ...spec, tasks: { ...spec.tasks, [fact.task]: task } });
  return fact.type === "task-claimed" ? withWorktree(next, seen(next, fact.claim.place)) : next;
}

function seen(progress: Progress, { worktree, path, branch }: ClaimPlace): TaskWorktree {
  const before = findTaskWorktree(progress, worktree);
  return { id: worktree, brought: [], ...before, path, branch };
}

/** The checkout stands where it was meant to: what it contains, and what proves its own tasks, is from now on so. */
function movedOn(progress: Progress, id: string, at: IsoTime): Progress {
  const move = findTaskWorktree(progress, id)?.move;
  if (move === undefined) return progress;
  const { from, to } = move;
  const before = findTaskWorktree(progress, id)?.moved ?? [];
  const moved = [...before, { from, to }].slice(-MOVES_KEPT);
  const next = changed(progress, id, { move: undefined, brought: move.brought, moved, changedAt: at });
  const proven = move.proofs.reduce((state, proof) => proved(state, proof, move.brought), next);
  return move.starts.reduce(begun, proven);
}

function begun(progress: Progress, { spec: name, task: id, from, to }: WorktreeMove["starts"][number]): Progress {
  const spec = findSpec(progress, name);
  const task = findTask(progress, name, id);
  if (spec === undefined || task?.claim === undefined || task.claim.start !== from) return progress;
  const claim = { ...task.claim, start: to };
  return withSpec(progress, { ...spec, tasks: { ...spec.tasks, [id]: { ...task, claim } } });
}

function proved(progress: Progress, proof: WorktreeMove["proofs"][number], brought: readonly BroughtTask[]): Progress {
  const spec = findSpec(progress, proof.spec);
  const task = findTask(progress, proof.spec, proof.task);
  if (spec === undefined || task?.work === undefined || task.work.commit !== proof.from) return progress;
  const contains = task.work.contains.map((part) => nowContained(part, proof.spec, brought));
  const work = { ...task.work, commit: proof.to, start: proof.start, contains };
  return withSpec(progress, { ...spec, tasks: { ...spec.tasks, [proof.task]: { ...task, work } } });
}

function nowContained(part: ContainedTask, spec: string, brought: readonly BroughtTask[]): ContainedTask {
  const now = brought.find((other) => other.spec === spec && other.task === part.task);
  return now === undefined ? part : { task: now.task, commit: now.commit, takenOut: now.takenOut };
}

function changed(progress: Progress, id: string, change: Partial<TaskWorktree>): Progress {
  const worktree = findTaskWorktree(progress, id);
  return worktree === undefined ? progress : withWorktree(progress, { ...worktree, ...change });
}

function withWorktree(progress: Progress, worktree: TaskWorktree): Progress {
  return { ...progress, worktrees: { ...progress.worktrees, [worktree.id]: worktree } };
}

function withSpec(progress: Progress, spec: Spec): Progress {
  return { ...progress, specs: { ...progress.specs, [spec.name]: spec } };
}

function withTips(tips: Progress["tips"], seenTips: Readonly<Record<string, string | null>>): Progress["tips"] {
  const entries = Object.entries({ ...tips, ...seenTips });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}
