import { type Spec, type TaskDefinition, taskStatus } from "@orchard/tracker-core";
import { remainingIn } from "@orchard/workflow/tasks";
import { waitsOf } from "../answers/waits-of.ts";
import type { Digest } from "./digest-of-view.ts";
import type { ViewHeader } from "./read-view.ts";

/** A digest and the header of the view that it was made of, as a seal keeps them. */
export interface Kept {
  readonly header: ViewHeader;
  readonly digest: Digest;
}

/** With what commands would else work out of all tasks each time: what a task waits for, how much waits behind it. */
export function withSight(digest: Digest, spec: Spec): Digest {
  const { tasks } = spec.definition;
  const waits = tasks.map((task) => (taskStatus(spec, task) === "blocked" ? waitsOf(spec, task).join("\t") : ""));
  return {
    ...digest,
    waits: waits.join("\n"),
    remaining: tasks.map(remainingIn(spec)).join("\n"),
    places: places(tasks),
  };
}

function places(tasks: readonly TaskDefinition[]): Readonly<Record<string, string>> {
  const byAgent = Map.groupBy(tasks.keys(), (at) => tasks[at]?.agent ?? "");
  return Object.fromEntries([...byAgent].map(([agent, numbers]) => [agent, numbers.join(" ")]));
}

/** The columns lie behind the rest as they are, each as long as the rest says: nothing of them is parsed to find another. */
export function keptText({ header, digest }: Kept): string {
  const columns = COLUMNS.map((name) => digest[name] ?? "");
  const rest = { ...digest, ...Object.fromEntries(COLUMNS.map((name) => [name, undefined])) };
  return `${JSON.stringify({ header, rest, lengths: columns.map(({ length }) => length) })}\n${columns.join("")}`;
}

export function readKept(text: string): Kept {
  const end = text.indexOf("\n");
  const { header, rest, lengths } = JSON.parse(text.slice(0, end)) as KeptHead;
  const columns: Partial<Record<Column, string>> = {};
  let at = end + 1;
  for (const [index, name] of COLUMNS.entries()) {
    const from = at;
    at += lengths[index] ?? 0;
    columns[name] = text.slice(from, at);
  }
  return { header, digest: { ...rest, ...(columns as Record<Column, string>) } };
}

interface KeptHead {
  readonly header: ViewHeader;
  readonly rest: Omit<Digest, Column>;
  readonly lengths: readonly number[];
}

type Column = (typeof COLUMNS)[number];
const COLUMNS = [
  "ids",
  "statuses",
  "titles",
  "agents",
  "layersOf",
  "needs",
  "inferred",
  "waits",
  "remaining",
] as const satisfies readonly (keyof Digest)[];
