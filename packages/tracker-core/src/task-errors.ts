import { OrchardError, printableLine } from "@orchard/kernel";
import type { Claim, TaskRecord, TaskState } from "./domain/task.ts";
import { sayTime } from "./task/say-blockers.ts";

/** `UNKNOWN_SPEC`; its hint names the first eight of the specs that are `known`. */
export function unknownSpec(name: string, known: readonly string[]): OrchardError {
  return new OrchardError({
    code: "UNKNOWN_SPEC",
    kind: "user",
    message: `There is no spec "${name}" with a layered-tasks.md.`,
    hint:
      known.length === 0
        ? "A spec's tasks lie in specs/<spec>/agent-tasks/layered-tasks.md."
        : `Specs here: ${known.slice(0, 8).join(", ")}${known.length > 8 ? ", …" : ""}.`,
    details: { spec: name, known: known.slice(0, 100) },
  });
}

/** `UNKNOWN_TASK`: the spec's file at `path` does not define it. */
export function unknownTask(task: string, spec: string, path: string): OrchardError {
  return new OrchardError({
    code: "UNKNOWN_TASK",
    kind: "user",
    message: `Spec ${spec} has no task "${task}" (${path}).`,
    hint: `See its tasks: orbit-agent layer-status ${spec}`,
    details: { spec, task, path },
  });
}

/** `reason` says what it waits for, or in which state it is. */
export function taskNotAvailable(
  task: string,
  status: string,
  reason: string,
  available: readonly string[],
): OrchardError {
  return new OrchardError({
    code: "TASK_NOT_AVAILABLE",
    kind: "state",
    message: reason,
    hint:
      available.length > 0
        ? `Available to you: ${available.slice(0, 8).join(", ")}${available.length > 8 ? ", …" : ""}.`
        : `Nothing is available to you right now. See why: orbit-agent why ${task}`,
    details: { task, status, available: available.slice(0, 100) },
  });
}

/** `graceMs`: its lease ran out while the clocks jumped, and so long its holder is spared from now on. */
export function taskTaken(task: string, claim: Claim, graceMs?: number): OrchardError {
  const { agent, since, place } = claim;
  return new OrchardError({
    code: "TASK_TAKEN",
    kind: "state",
    message: `${task} is held by @${agent} since ${since}, in ${printableLine(place.path)}.`,
    hint:
      graceMs === undefined
        ? "Take another: orbit-agent available-tasks"
        : `The machine slept or its clock was set: ask again in ${sayTime(graceMs)}, or take another: orbit-agent available-tasks`,
    details: { task, agent, since, worktree: place.path, epoch: claim.epoch },
  });
}

/** `TASK_NOT_CLAIMED`: only a task's holder may do this, and it has none. */
export function taskNotClaimed(task: string): OrchardError {
  return new OrchardError({
    code: "TASK_NOT_CLAIMED",
    kind: "state",
    message: `Nobody has started ${task}.`,
    hint: `Start it first: orbit-agent start ${task}`,
    details: { task },
  });
}

/** The claim was lost, given back or ended; whoever shows it may not act for the task any more. */
export function staleClaim(task: string, epoch: number, record: TaskRecord): OrchardError {
  const { claim, work } = record;
  const now =
    claim !== undefined
      ? `@${claim.agent} holds it since ${claim.since}`
      : record.state === "completed"
        ? `it was completed${work === undefined ? "" : ` by @${work.agent}`}`
        : `it is ${record.state.replaceAll("_", " ")}`;
  return new OrchardError({
    code: "STALE_CLAIM",
    kind: "lock",
    message: `Your claim of ${task} (number ${epoch}) is over: ${now}.`,
    hint: `What you did stays in your worktree and on record. See: orbit-agent why ${task}`,
    details: { task, epoch, now: record.epoch, state: record.state },
  });
}

export function nothingBehind(task: string, start: string): OrchardError {
  return new OrchardError({
    code: "NOTHING_BEHIND",
    kind: "state",
    message: `Nothing was changed for ${task} since it was started at ${start.slice(0, 10)}.`,
    hint: `Commit the work first; or say why there is none: orbit-agent complete ${task} --no-code --reason "…"`,
    details: { task, start },
  });
}

export function notReopenable(task: string, state: TaskState): OrchardError {
  return new OrchardError({
    code: "NOT_REOPENABLE",
    kind: "state",
    message: `${task} is ${state.replaceAll("_", " ")}; there is nothing to take back.`,
    hint: `See where it stands: orbit-agent why ${task}`,
    details: { task, state },
  });
}

export function noWorkYet(task: string, state: TaskState): OrchardError {
  return new OrchardError({
    code: "NO_WORK_YET",
    kind: "state",
    message: `${task} is ${state.replaceAll("_", " ")}: it has no finished work that a pull request could be about.`,
    hint: `Its holder completes it first: orbit-agent complete ${task}`,
    details: { task, state },
  });
}

export function otherCommit(task: string, commit: string, proving: string | undefined): OrchardError {
  return new OrchardError({
    code: "OTHER_COMMIT",
    kind: "state",
    message: `${task} is proved by ${proving?.slice(0, 10) ?? "no commit"}, not by ${commit.slice(0, 10)}.`,
    hint: `See what proves it: orbit-agent why ${task}`,
    details: { task, commit, proving },
  });
}

export function worktreeMoving(path: string): OrchardError {
  return new OrchardError({
    code: "WORKTREE_MOVING",
    kind: "state",
    message: `Code is just being brought into ${path}.`,
    hint: "Wait for the command that does it; if it was ended, any orbit-agent command in that worktree finishes it.",
    details: { path },
  });
}
