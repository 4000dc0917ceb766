import { type CompleteOutcome, completeTask, parsePr } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import { missingOption, optionsExclude } from "../errors.ts";
import { someOf } from "../say/some-of.ts";
import { type Given, textOf } from "../shape/command-shape.ts";
import type { Action } from "./action.ts";
import { nameTask } from "./name-task.ts";
import { reasonOf } from "./reason.ts";

/** Marks a task done, and says what can be started because of it. */
export const complete: Action = async (around, given) => {
  const options = readOptions(given);
  const { desk, name } = await nameTask(around, given);
  return said(await completeTask(desk, name, options));
};

function readOptions(given: Given) {
  const text = textOf(given, "pr");
  const commit = textOf(given, "commit");
  const reason = reasonOf(given);
  const isNoCode = given.options["no-code"] === true;
  if (isNoCode && commit !== undefined) throw optionsExclude("--no-code", "--commit");
  if (isNoCode && reason === undefined) throw missingOption("--reason", "--no-code needs one");
  return {
    commit,
    noCode: isNoCode ? reason : undefined,
    pr: text === undefined ? undefined : { ...parsePr(text), status: "pending_review" as const },
    takeover: given.options["takeover"] === true,
  };
}

function said(outcome: CompleteOutcome): Answer {
  const { task, commit, repeated, contains, unblocked, outdated } = outcome;
  const proof = commit === undefined ? "without code" : `proved by ${commit.slice(0, 10)}`;
  const within = contains.length === 0 ? "" : `, which contains ${someOf(contains)} too`;
  const next = unblocked.length === 0 ? "Nothing new is available." : `Now available: ${someOf(unblocked)}.`;
  const lines = [
    `${task} is ${repeated ? "completed already" : "completed"}, ${proof}${within}. ${next}`,
    ...(outdated.length === 0 ? [] : [`These worktrees contain an older commit of it: ${someOf(outdated)}.`]),
  ];
  return { data: { ...outcome, commit: commit ?? null }, text: `${lines.join("\n")}\n` };
}
