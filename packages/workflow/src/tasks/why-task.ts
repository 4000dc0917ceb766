import { type IsoTime, printableLine } from "@orchard/kernel";
import {
  availableTo,
  blockersOf,
  findDefinition,
  findRecord,
  type Progress,
  requireTask,
  type Spec,
  sayBlockers,
  sayTime,
  type TaskName,
  type TaskNote,
  taskStatus,
} from "@orchard/tracker-core";
import type { WhyTask } from "./outcomes.ts";

/** Why a task is where it is, and what moves it on. Pure. Throws `UNKNOWN_TASK`. */
export function whyTask(
  progress: Progress,
  name: TaskName,
  { agent, now }: { readonly agent?: string | undefined; readonly now: IsoTime },
): WhyTask {
  const { spec, definition, record } = requireTask(progress, name);
  const { task } = name;
  if (definition === undefined) {
    const state = record?.state ?? "open";
    const sentence = `${task} is ${state.replaceAll("_", " ")}, and ${spec.definition.path} does not define it any more.`;
    return {
      spec: spec.name,
      task,
      status: state === "open" ? "blocked" : state,
      sentence,
      next: undefined,
      blockers: [],
      chain: [],
      notes: newest(record?.notes),
    };
  }
  const status = taskStatus(spec, definition);
  const blockers = status === "blocked" ? blockersOf(spec, definition) : [];
  const { sentence, next } = explain(spec, task, { status, agent, now });
  const notes = newest(record?.notes);
  return { spec: spec.name, task, status, sentence, next, blockers, chain: rootOf(spec, task), notes };
}

function newest(notes: readonly TaskNote[] = []): readonly TaskNote[] {
  return notes.slice(-NOTES_SHOWN).reverse();
}

const NOTES_SHOWN = 3;

interface Asking {
  readonly status: WhyTask["status"];
  readonly agent?: string | undefined;
  readonly now: IsoTime;
}

function explain(spec: Spec, task: string, { status, agent, now }: Asking): Pick<WhyTask, "sentence" | "next"> {
  const { claim, work, pr, failure } = findRecord(spec, task) ?? {};
  const definition = findDefinition(spec, task);
  const ago = (at: IsoTime) => sayTime(Date.parse(now) - Date.parse(at));
  switch (status) {
    case "available":
      return {
        sentence: `${task} is available${definition?.agent === undefined ? "" : `, meant for @${definition.agent}`}.`,
        next: `orbit-agent start ${task}`,
      };
    case "blocked": {
      const free = availableTo(spec, agent).map(({ id }) => id);
      const others =
        free.length === 0 ? "" : ` Available to you: ${free.slice(0, 8).join(", ")}${free.length > 8 ? ", …" : ""}.`;
      const blockers = definition === undefined ? [] : blockersOf(spec, definition);
      return {
        sentence: `${task} is blocked by ${sayBlockers(spec, blockers, now)}.${others}`,
        next: free[0] === undefined ? undefined : `orbit-agent start ${free[0]}`,
      };
    }
    case "in_progress": {
      const waits = claim?.waitingFor === undefined ? "" : `; it waits for: ${printableLine(claim.waitingFor)}`;
      return {
        sentence: `${task} is in progress by @${claim?.agent} for ${ago(claim?.since ?? now)}, in ${printableLine(claim?.place.path ?? "")}, last sign of life ${ago(claim?.renewedAt ?? now)} ago${waits}.`,
        next: claim?.agent === agent ? `orbit-agent complete ${task}` : undefined,
      };
    }
    case "completed": {
      if (work === undefined)
        return { sentence: `${task} is completed: its box in the file is ticked.`, next: undefined };
      const proof =
        work.commit === undefined
          ? `without code: ${printableLine(work.noCode ?? "")}`
          : `commit ${work.commit.slice(0, 10)}`;
      const lost = work.lostAt === undefined ? "" : "; no branch holds that commit any more";
      const landed = work.landed === undefined ? "" : ", in the base";
      return {
        sentence: `${task} was completed by @${work.agent} ${ago(work.completedAt)} ago (${proof}${landed}${pr === undefined ? "" : `, pull request ${pr.number === undefined ? "" : `#${pr.number} `}${pr.status.replaceAll("_", " ")}`})${lost}.`,
        next: work.lostAt === undefined ? undefined : `orbit-agent reopen ${task}`,
      };
    }
    case "changes_requested":
      return {
        sentence: `${task} was rejected; @${work?.agent} has to change it.`,
        next: `orbit-agent start ${task}`,
      };
    case "failed":
    case "cancelled":
      return {
        sentence: `${task} is ${status}: ${printableLine(failure?.reason ?? "no reason given")}.`,
        next: `orbit-agent reopen ${task}`,
      };
  }
}

/** From the task down its first unmet dependencies to what has to be done first. Ends where a circle begins. */
function rootOf(spec: Spec, task: string): readonly string[] {
  const chain = [task];
  for (let at = task; ; ) {
    const definition = findDefinition(spec, at);
    if (definition === undefined || taskStatus(spec, definition) !== "blocked") return chain;
    const next = blockersOf(spec, definition).find((blocker) => blocker.kind === "task");
    if (next === undefined || next.kind !== "task" || chain.includes(next.on)) return chain;
    chain.push(next.on);
    at = next.on;
  }
}
