import type { PlanItem } from "@orchard/scheduler";
import {
  findRecord,
  type Priority,
  type Progress,
  type Spec,
  type TaskDefinition,
  taskStatus,
} from "@orchard/tracker-core";
import type { Gap } from "../probes/probe-result.ts";
import { type Covered, taskKey } from "./covered-by-lanes.ts";
import { pathsInText } from "./paths-in-text.ts";

/** What a planned item stands for. */
export type ItemSource =
  | { readonly kind: "gap"; readonly gap: Gap }
  | { readonly kind: "task"; readonly spec: string; readonly task: TaskDefinition };

export interface SourcedItem extends PlanItem {
  readonly source: ItemSource;
}

export const PRIORITIES: readonly Priority[] = ["high", "medium", "low"];

/** Gaps that no lane is about; those that stand for tasks of a spec are planned as these. */
export function gapItems(gaps: readonly Gap[], covered: Covered): readonly SourcedItem[] {
  return gaps
    .filter(({ id, spec }) => spec === undefined && !covered.gaps.has(id))
    .map((gap) => ({
      id: gap.id,
      priority: PRIORITIES.indexOf(gap.severity),
      size: Math.max(1, gap.tasks.length),
      files: gap.files,
      dependsOn: gap.dependsOn,
      topic: topicOf(gap),
      source: { kind: "gap", gap },
    }));
}

/** The same kind of gap in the same folder. */
function topicOf({ id, files: [file = ""] }: Gap): string {
  return `${id.slice(0, id.indexOf("."))} ${file.slice(0, Math.max(0, file.lastIndexOf("/")))}`;
}

/** Tasks that wait to be done and that nobody has; a gap that names one says how urgent it is. */
export function taskItems(progress: Progress, gaps: readonly Gap[], covered: Covered): readonly SourcedItem[] {
  const urgent = urgencies(gaps);
  const specs = Object.values(progress.specs).filter(({ goneSince }) => goneSince === undefined);
  return specs.flatMap((spec) =>
    spec.definition.tasks
      .filter((task) => isOpen(spec, task) && !covered.tasks.has(taskKey(spec.name, task.id)))
      .map((task) => ({
        id: taskKey(spec.name, task.id),
        priority: urgent.get(taskKey(spec.name, task.id)) ?? PRIORITIES.indexOf("medium"),
        size: 1,
        files: pathsInText(task.title),
        dependsOn: task.dependsOn.map((other) => taskKey(spec.name, other)),
        of: spec.name,
        source: { kind: "task", spec: spec.name, task } as const,
      })),
  );
}

function urgencies(gaps: readonly Gap[]): ReadonlyMap<string, number> {
  const urgent = new Map<string, number>();
  for (const { spec, tasks, severity } of gaps) {
    if (spec === undefined) continue;
    for (const task of tasks) {
      const key = taskKey(spec, task);
      urgent.set(key, Math.min(urgent.get(key) ?? PRIORITIES.length, PRIORITIES.indexOf(severity)));
    }
  }
  return urgent;
}

function isOpen(spec: Spec, task: TaskDefinition): boolean {
  if (findRecord(spec, task.id)?.claim !== undefined) return false;
  return ["available", "blocked", "changes_requested"].includes(taskStatus(spec, task));
}
