import { printableLine, whyNotAnId } from "@orchard/kernel";
import { type Edge, type Finding, readLayeredTasks, type TaskDocument } from "@orchard/task-files";
import type { SpecDefinition, TaskDefinition, WaitingRules } from "@orchard/tracker-core";

export interface DefinedTasks {
  readonly definition: SpecDefinition;
  readonly findings: readonly Finding[];
}

const LONGEST_TITLE = 300;

/** Reads a task file into the definition that is recorded. */
export function defineTasks(source: Uint8Array, { path, hash, rules, inferred }: DefineOptions): DefinedTasks {
  const document = readLayeredTasks(source, inferred === undefined ? {} : { inferred });
  const edges = Map.groupBy(document.edges, ({ task }) => task);
  const usable = document.tasks.filter(({ id }) => whyNotAnId(id, "any case") === undefined);
  const tasks = usable.map((task) => defined(task, edges.get(task.id) ?? []));
  const layers = document.layers.map(({ number, title }) => ({ number, title: printableLine(title, LONGEST_TITLE) }));
  return { definition: { path, hash, layers, tasks, rules }, findings: document.findings };
}

interface DefineOptions {
  readonly path: string;
  readonly hash: string;
  readonly rules: WaitingRules;
  /** Whether order, phases and stories count; absent: as the kind of the file says. */
  readonly inferred?: boolean | undefined;
}

function defined(task: TaskDocument["tasks"][number], edges: readonly Edge[]): TaskDefinition {
  const { id, title, layer, agent, done, position } = task;
  const inferred = edges.filter(({ kind }) => kind === "inferred").map(({ dependsOn }) => dependsOn);
  return {
    id,
    title: printableLine(title, LONGEST_TITLE),
    ...(layer === undefined ? {} : { layer }),
    ...(agent === undefined || !isAgentName(agent) ? {} : { agent }),
    dependsOn: edges.map(({ dependsOn }) => dependsOn),
    ...(inferred.length === 0 ? {} : { inferred }),
    ticked: done,
    line: position.line,
  };
}

/** An agent's name as it may stand in a file, a command line and a report. */
export function isAgentName(text: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text);
}
