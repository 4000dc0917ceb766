import { availableTo, findRecord, type Spec, sayTime, type TaskDefinition, taskStatus } from "@orchard/tracker-core";
import { laneAsking } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import type { Question } from "../question.ts";
import { goneLines } from "../say/gone-line.ts";
import { type Given, textOf } from "../shape/command-shape.ts";
import { specsAsked } from "./specs-asked.ts";
import { waitsOf } from "./waits-of.ts";

/** What the asker may start now, its own first, and what its other tasks wait for; with titles. */
export function available(question: Question, given: Given): Answer {
  return answer(question, given, true);
}

/** As {@link available}, in the words and lines of seed 001. */
export function availableInShort(question: Question, given: Given): Answer {
  return answer(question, given, false);
}

/** So many blocked tasks are shown to people; programs get all. */
const SHOWN = 20;

function answer(question: Question, given: Given, titles: boolean): Answer {
  const any = given.options["any"] === true;
  const { agent, now, environment } = question;
  const { only } = any ? {} : laneAsking(environment);
  const specs = specsAsked(question, textOf(given, "spec") ?? given.arguments["spec"]);
  const lists = specs.map((spec) => listOf(spec, { agent, any, only }));
  const whom = agent === undefined ? "" : ` for @${agent}`;
  const blocks = lists.flatMap((list) => {
    const heading = specs.length > 1 ? [`Spec ${list.spec.name}`] : [];
    return [...heading, ...sections(list, { whom, titles, now: Date.parse(now) })];
  });
  return {
    // Only a program asks for it.
    get data() {
      return { agent: agent ?? null, specs: lists.map(dataOf) };
    },
    text: `${blocks.join("\n\n")}\n`,
  };
}

interface List {
  readonly spec: Spec;
  readonly available: readonly TaskDefinition[];
  readonly held: readonly TaskDefinition[];
  readonly blocked: readonly TaskDefinition[];
}

interface Asker {
  readonly agent: string | undefined;
  readonly any: boolean;
  /** In a lane of spec tasks: the lane's, whoever they are meant for. */
  readonly only: ReadonlySet<string> | undefined;
}

function listOf(spec: Spec, { agent, any, only }: Asker): List {
  const isWished = (task: TaskDefinition) => any || agent === undefined || (task.agent ?? agent) === agent;
  const isTheirs = (task: TaskDefinition) => only?.has(task.id) ?? isWished(task);
  const { tasks } = spec.definition;
  const free = availableTo(spec, agent, { any: any || only !== undefined });
  const claimed = new Set(Object.values(spec.tasks).flatMap(({ id, claim }) => (claim?.agent === agent ? [id] : [])));
  return {
    spec,
    available: only === undefined ? free : free.filter(isTheirs),
    held: agent === undefined || claimed.size === 0 ? [] : tasks.filter(({ id }) => claimed.has(id)),
    blocked: tasks.filter((task) => taskStatus(spec, task) === "blocked" && isTheirs(task)),
  };
}

function sections(
  { spec, available: free, held, blocked }: List,
  { whom, titles, now }: { readonly whom: string; readonly titles: boolean; readonly now: number },
): readonly string[] {
  const line = ({ id, title }: TaskDefinition, how: string) => `- ${id} (${how})${titles ? ` ${title}` : ""}`;
  const freeLines = free.map((task) => line(task, howFree(spec, task)));
  const heldLines = held.map((task) => line(task, howLong(spec, task, now)));
  const blockedLines = blocked
    .slice(0, SHOWN)
    .map((task) => line(task, `waiting for ${waitsOf(spec, task).join(", ")}`));
  const more = blocked.length > SHOWN ? [`- and ${blocked.length - SHOWN} more; all of them: --json`] : [];
  return [
    ...goneLines(spec),
    ...(freeLines.length === 0 ? [`Nothing is available${whom} now.`] : [block(`Available${whom}:`, freeLines)]),
    ...(heldLines.length === 0 ? [] : [block(`In progress${whom.replace("for", "by")}:`, heldLines)]),
    ...(blockedLines.length === 0 ? [] : [block(`Blocked${whom}:`, [...blockedLines, ...more])]),
  ];
}

function block(heading: string, lines: readonly string[]): string {
  return [heading, ...lines].join("\n");
}

function howFree(spec: Spec, { id, dependsOn }: TaskDefinition): string {
  if (findRecord(spec, id)?.state === "changes_requested") return "rejected, to be changed";
  return dependsOn.length === 0 ? "no dependencies" : `${dependsOn.join(", ")} done`;
}

function howLong(spec: Spec, { id }: TaskDefinition, now: number): string {
  const since = findRecord(spec, id)?.claim?.since;
  return since === undefined ? "in progress" : sayTime(now - Date.parse(since));
}

function dataOf({ spec, available: free, held, blocked }: List): object {
  return {
    spec: spec.name,
    available: free.map((task) => ({ ...nameOf(task), dependencies: task.dependsOn })),
    in_progress: held.map((task) => ({ ...nameOf(task), since: findRecord(spec, task.id)?.claim?.since ?? null })),
    blocked: blocked.map((task) => ({
      ...nameOf(task),
      dependencies: task.dependsOn,
      waiting_for: waitsOf(spec, task).map((name) => name.replace(" ", "_")),
    })),
  };
}

function nameOf({ id, title, layer, agent }: TaskDefinition): object {
  return { task: id, title, layer: layer ?? null, assigned_to: agent ?? null };
}
