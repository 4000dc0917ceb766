import { type BroughtTask, findTask, type Progress, type TaskName } from "@orchard/tracker-core";

/** The work of a task and of those that its commit contains. */
export function closureOf(progress: Progress, { spec, task }: TaskName, by: string): readonly BroughtTask[] {
  const work = findTask(progress, spec, task)?.work;
  if (work?.commit === undefined) return [];
  const along = work.contains.flatMap((part): readonly BroughtTask[] => {
    const start = findTask(progress, spec, part.task)?.work?.start;
    return start === undefined ? [] : [{ spec, by, start, ...part }];
  });
  return [...along, { spec, task, commit: work.commit, by, start: work.start }];
}

/** What is there now in place of what was known before. */
export function merged(before: readonly BroughtTask[], now: readonly BroughtTask[]): readonly BroughtTask[] {
  const names = new Set(now.map(nameOf));
  return [...before.filter((part) => !names.has(nameOf(part))), ...now];
}

export function nameOf({ spec, task }: TaskName): string {
  return `${spec}/${task}`;
}
