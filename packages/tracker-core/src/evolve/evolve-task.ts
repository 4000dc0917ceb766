import type { IsoTime } from "@orchard/kernel";
import type { TaskFact } from "../domain/spec-fact.ts";
import { NOTES_KEPT, type PullRequest, type TaskRecord, type TaskState } from "../domain/task.ts";

/** What is recorded of a task after `fact`. Pure and total over every fact ever written. */
export function evolveTask(before: TaskRecord | undefined, fact: TaskFact, at: IsoTime): TaskRecord {
  const task = before ?? fresh(fact.task, at);
  switch (fact.type) {
    case "task-claimed":
      return { ...moved(task, "in_progress", at), epoch: fact.claim.epoch, claim: fact.claim, failure: undefined };
    case "claim-renewed":
      return withClaim(task, fact.epoch, {
        renewedAt: fact.at ?? at,
        renewedSinceBoot: fact.sinceBoot,
        boot: fact.boot,
        renewedAwake: fact.awake,
        grace: undefined,
        ...(fact.byHolder ? { waitingFor: undefined } : {}),
      });
    case "claim-graced": {
      const { sinceBoot, boot, awake } = fact;
      return withClaim(task, fact.epoch, { grace: { at, sinceBoot, boot, awake } });
    }
    case "claim-waiting":
      return withClaim(task, fact.epoch, { waitingFor: fact.reason });
    case "claim-released":
    case "claim-taken-over":
      return task.claim?.epoch === fact.epoch
        ? { ...moved(task, "open", at), claim: undefined, left: leftOf(task, at) }
        : task;
    case "task-completed":
      return completed(task, fact, at);
    case "task-failed":
      return {
        ...moved(task, fact.cancelled ? "cancelled" : "failed", at),
        claim: undefined,
        left: leftOf(task, at),
        failure: { reason: fact.reason, at },
      };
    case "task-reopened":
      return { ...moved(task, "open", at), claim: undefined, failure: undefined };
    case "task-noted":
      return { ...task, notes: [...task.notes, { at, by: fact.by, text: fact.text }].slice(-NOTES_KEPT) };
    case "pr-changed":
      return withPr(task, fact.pr, at);
    case "evidence-late": {
      const { agent, epoch, verb, commit } = fact;
      return { ...task, late: [...task.late, { at, agent, epoch, verb, commit }].slice(-NOTES_KEPT) };
    }
    case "work-replaced":
      return task.work === undefined
        ? task
        : {
            ...task,
            work: {
              ...task.work,
              commit: fact.to,
              start: fact.start ?? task.work.start,
              contains: fact.contains ?? task.work.contains,
              lostAt: undefined,
            },
          };
    case "work-lost":
      return task.work === undefined ? task : { ...task, work: { ...task.work, lostAt: at } };
    case "work-found":
      return task.work === undefined ? task : { ...task, work: { ...task.work, lostAt: undefined } };
    case "work-unlanded":
      return unlanded(task);
    case "work-landed":
      return task.work === undefined ? task : landed(task, fact.commit, at);
  }
}

function fresh(id: string, at: IsoTime): TaskRecord {
  return { id, state: "open", stateChangedAt: at, epoch: 0, notes: [], late: [] };
}

function leftOf({ claim, left }: TaskRecord, at: IsoTime): TaskRecord["left"] {
  return claim === undefined ? left : { worktree: claim.place.worktree, start: claim.start, at };
}

function moved(task: TaskRecord, state: TaskState, at: IsoTime): TaskRecord {
  return { ...task, state, stateChangedAt: at };
}

function withClaim(task: TaskRecord, epoch: number, change: Partial<NonNullable<TaskRecord["claim"]>>): TaskRecord {
  return task.claim?.epoch === epoch ? { ...task, claim: { ...task.claim, ...change } } : task;
}

function completed(task: TaskRecord, fact: Extract<TaskFact, { type: "task-completed" }>, at: IsoTime): TaskRecord {
  const claim = task.claim;
  if (claim?.epoch !== fact.epoch) return task;
  const { commit, start, contains, noCode } = fact;
  const { agent, place, since } = claim;
  return {
    ...moved(task, "completed", at),
    claim: undefined,
    left: undefined,
    work: { commit, start, agent, place, startedAt: since, completedAt: at, contains, noCode },
    pr: fact.pr ?? reviewedAnew(task.pr),
  };
}

/** New work has not been looked at, whatever became of the old. */
function reviewedAnew(pr: PullRequest | undefined): PullRequest | undefined {
  return pr && { ...pr, status: pr.number === undefined && pr.url === undefined ? "none" : "pending_review" };
}

/** A rejection takes a finished task back; another word about the same work accepts it again. */
function withPr(task: TaskRecord, pr: PullRequest, at: IsoTime): TaskRecord {
  const merged = { ...task, pr: { ...task.pr, ...pr } };
  if (pr.status === "rejected" && task.state === "completed") return moved(merged, "changes_requested", at);
  if (pr.status !== "rejected" && task.state === "changes_requested") return moved(merged, "completed", at);
  return merged;
}

/** Done as before, and not in the base any more. */
function unlanded(task: TaskRecord): TaskRecord {
  const { work, pr } = task;
  if (work?.landed === undefined) return task;
  const { landed: _, ...rest } = work;
  return { ...task, work: rest, ...(pr?.status === "merged" ? { pr: { ...pr, status: "approved" } } : {}) };
}

/** The base contains it: whatever was said of it before, it is accepted. */
function landed(task: TaskRecord, commit: string, at: IsoTime): TaskRecord {
  const accepted = task.pr === undefined ? task : withPr(task, { ...task.pr, status: "merged" }, at);
  const { work } = task;
  return work === undefined ? accepted : { ...accepted, work: { ...work, lostAt: undefined, landed: { commit, at } } };
}
