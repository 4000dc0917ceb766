import { whyNotAnId } from "@orchard/kernel";
import { readLayeredTasks, type TaskDocument, type TaskEntry } from "@orchard/task-files";
import type { ProbeResult } from "../probe-result.ts";
import { MOST_TASKS_OF_A_GAP } from "../probe-result.ts";
import { counted, type FoundGap, gapId, oneLine, resultOf } from "./found-gap.ts";
import type { Progress } from "./run-built-in-probe.ts";
import type { Survey } from "./survey.ts";

const PROBE = "open-tasks";
const TASK_FILE = /^specs\/([^/]+)\/(?:agent-tasks\/)?(layered-tasks|tasks)\.md$/;

/** Tasks of specs that nobody has ticked, and task files that cannot be worked through as they are. */
export async function probeOpenTasks(survey: Survey, progress: Progress): Promise<ProbeResult> {
  const gaps: FoundGap[] = [];
  const specs: Record<string, { readonly open: number; readonly tasks: number }> = {};
  for (const { path } of survey.files) {
    const [, spec, kind] = TASK_FILE.exec(path) ?? [];
    if (spec === undefined || whyNotAnId(spec, "any case") !== undefined) continue;
    const document = readLayeredTasks((await survey.text(path)) ?? "");
    const open = document.tasks.filter(isOpen);
    specs[path] = { open: open.length, tasks: document.tasks.length };
    gaps.push(...openGaps({ path, spec, isLive: kind === "layered-tasks" }, document, open));
    gaps.push(...brokenGap(path, document));
    progress(`${path}: ${open.length} of ${document.tasks.length} open`);
  }
  const total = Object.values(specs).reduce((sum, { open }) => sum + open, 0);
  const files = Object.keys(specs).length;
  const summary =
    files === 0
      ? "There are no task files of specs."
      : `${counted(total, "open task")} in ${counted(files, "task file")}.`;
  return resultOf(PROBE, summary, gaps, { specs });
}

function isOpen({ done, flag }: TaskEntry): boolean {
  return !done && flag !== "removed" && flag !== "skipped";
}

/** Tasks of a live spec are named by id, so that a plan can take them as what they are; others by their words. */
function openGaps(
  file: { readonly path: string; readonly spec: string; readonly isLive: boolean },
  { tasks }: TaskDocument,
  open: readonly TaskEntry[],
): readonly FoundGap[] {
  const { path, spec, isLive } = file;
  const parts = Math.ceil(open.length / MOST_TASKS_OF_A_GAP);
  return Array.from({ length: parts }, (_, part) => {
    const some = open.slice(part * MOST_TASKS_OF_A_GAP, (part + 1) * MOST_TASKS_OF_A_GAP);
    const which = parts === 1 ? "" : `, part ${part + 1} of ${parts}`;
    return {
      id: gapId(PROBE, parts === 1 ? path : `${path} ${part + 1}`),
      title: `${open.length} of ${counted(tasks.length, "task")} of ${oneLine(spec, 64)} ${open.length === 1 ? "is" : "are"} open${which}`,
      severity: "medium" as const,
      files: [path],
      tasks: some.map(({ id, title }) => (isLive ? id : `${id} ${oneLine(title, 500)}`)),
      ...(isLive ? { spec } : {}),
      evidence: some.slice(0, 100).map(({ id, title, position }) => ({
        file: path,
        line: position.line,
        text: oneLine(`${id} ${title}`),
      })),
    };
  });
}

function brokenGap(path: string, { findings }: TaskDocument): readonly FoundGap[] {
  const errors = findings.filter(({ severity, code }) => severity === "error" && code !== "EMPTY");
  if (errors.length === 0) return [];
  return [
    {
      id: gapId(PROBE, `${path} errors`),
      title: `${path} has ${counted(errors.length, "error")}`,
      severity: "high",
      files: [path],
      tasks: [`Mend ${path}: ${oneLine(errors[0]?.message ?? "", 300)}`],
      evidence: errors
        .slice(0, 100)
        .map(({ message, position }) => ({ file: path, line: position.line, text: oneLine(message, 400) })),
    },
  ];
}
