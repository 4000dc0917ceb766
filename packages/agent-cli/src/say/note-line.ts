import { printableLine } from "@orchard/kernel";
import { sayTime, type TaskNote } from "@orchard/tracker-core";

/** What somebody wrote down beside a task, on one line whatever it holds: `Note by @qwen, 5 min ago: the API changed`. */
export function noteLine({ at, by, text }: TaskNote, now: number, task?: string): string {
  const beside = task === undefined ? "" : ` beside ${task}`;
  return `Note${beside} by @${by}, ${sayTime(now - Date.parse(at))} ago: ${printableLine(text, 300)}`;
}
