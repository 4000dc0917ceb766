import { availableTo } from "@orchard/tracker-core";
import { laneAsking, nextTask, noName } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import type { Question } from "../question.ts";
import type { Given } from "../shape/command-shape.ts";
import { specsAsked } from "./specs-asked.ts";

/** The task to do next: the asker's own first, and the longest chain of work behind it. Exit 3 when there is none. */
export function next(question: Question, given: Given): Answer {
  const { progress, agent, environment } = question;
  if (agent === undefined) throw noName();
  const specs = specsAsked(question, given.arguments["spec"]);
  const found = nextTask(
    progress,
    specs.map(({ name }) => name),
    agent,
    laneAsking(environment),
  );
  if (found === undefined) {
    const others = specs.flatMap((spec) => availableTo(spec, agent, { any: true })).length;
    const hint = others === 0 ? "" : ` ${others} meant for others: orbit-agent available-tasks --any`;
    return { data: { agent, next: null }, text: `Nothing is available for @${agent} now.${hint}\n`, exitCode: 3 };
  }
  const { task, title, spec, remaining } = found;
  const behind = remaining > 1 ? `, ${remaining - 1} in a row wait behind it` : "";
  const name = specs.length > 1 ? `${spec}/${task}` : task;
  return {
    data: { agent, next: found },
    text: `Next for @${agent}: ${task} ${title}${behind}.\nNext: orbit-agent start ${name}\n`,
  };
}
