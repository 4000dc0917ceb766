import { resolveTask, whyTask } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import type { Question } from "../question.ts";
import { noteLine } from "../say/note-line.ts";
import type { Given } from "../shape/command-shape.ts";

/** Why a task is where it is, and what moves it on. */
export function why({ progress, agent, environment, now }: Question, given: Given): Answer {
  const name = resolveTask(progress, given.arguments["task"] ?? "", environment);
  const answer = whyTask(progress, name, { agent, now });
  const { sentence, next, chain, notes } = answer;
  const root = chain.length > 2 ? `\nFirst of all: ${[...chain].reverse().join(" → ")}` : "";
  const said = notes.map((note) => `\n${noteLine(note, Date.parse(now))}`).join("");
  return {
    data: { ...answer, next: next ?? null },
    text: `${sentence}${root}${said}${next === undefined ? "" : `\nNext: ${next}`}\n`,
  };
}
