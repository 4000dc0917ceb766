import type { Progress } from "../../domain/progress.ts";
import type { PullRequest } from "../../domain/task.ts";
import { notReopenable, noWorkYet, otherCommit } from "../../task-errors.ts";
import { type ProgressDecision, requireTask, type TaskName } from "./decision.ts";

/** Takes a completion, a failure or a cancellation back. Throws `NOT_REOPENABLE` while it is open or worked on. */
export function reopenTask(
  progress: Progress,
  intent: TaskName & { readonly by: string; readonly reason?: string | undefined },
): ProgressDecision {
  const { record, definition } = requireTask(progress, intent);
  const isTickedOnly = record === undefined && definition?.ticked === true;
  const state = record?.state ?? (isTickedOnly ? "completed" : "open");
  if (state === "open" || state === "in_progress") throw notReopenable(intent.task, state);
  const { spec, task, by, reason } = intent;
  return { facts: [{ type: "task-reopened", spec, task, by, reason }], outcome: null };
}

/** Keeps a remark with a task, whatever its state. Throws `UNKNOWN_SPEC` or `UNKNOWN_TASK`. */
export function noteTask(
  progress: Progress,
  intent: TaskName & { readonly by: string; readonly text: string },
): ProgressDecision {
  requireTask(progress, intent);
  const { spec, task, by, text } = intent;
  return { facts: [{ type: "task-noted", spec, task, by, text }], outcome: null };
}

/**
 * What became of a task's pull request. Throws `NO_WORK_YET` for a task that was never completed, `OTHER_COMMIT` when the
 * word is about a commit that does not prove the task any more.
 */
export function changePr(
  progress: Progress,
  intent: TaskName & { readonly by: string; readonly pr: PullRequest; readonly commit?: string | undefined },
): ProgressDecision {
  const { record } = requireTask(progress, intent);
  const isFinished = record?.work !== undefined && ["completed", "changes_requested"].includes(record.state);
  if (!isFinished) throw noWorkYet(intent.task, record?.state ?? "open");
  const proving = record.work?.commit;
  if (intent.commit !== undefined && intent.commit !== proving) throw otherCommit(intent.task, intent.commit, proving);
  const { spec, task, by, pr } = intent;
  const before = record.pr;
  const same =
    before?.status === pr.status &&
    (pr.number ?? before.number) === before.number &&
    (pr.url ?? before.url) === before.url;
  return { facts: same ? [] : [{ type: "pr-changed", spec, task, pr, by }], outcome: null };
}

/** What a holder that lost its claim hands in is kept with the task; told twice it is kept once. */
export function keepLateEvidence(
  progress: Progress,
  intent: TaskName & {
    readonly agent: string;
    readonly epoch: number;
    readonly verb: string;
    readonly commit?: string | undefined;
  },
): ProgressDecision {
  const { record } = requireTask(progress, intent);
  const { spec, task, agent, epoch, verb, commit } = intent;
  const known = record?.late.some((one) => one.epoch === epoch && one.verb === verb && one.commit === commit) === true;
  return { facts: known ? [] : [{ type: "evidence-late", spec, task, agent, epoch, verb, commit }], outcome: null };
}
