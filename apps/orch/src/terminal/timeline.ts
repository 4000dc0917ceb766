import type { Paint } from "@orchard/terminal";
import { isLanded, type Lane, lanesInOrder, type Tracker } from "@orchard/tracker-core";
import { shortTime } from "./lane-table.ts";

/** When each lane's attempts ran and when it landed, one row a lane; empty while nothing has run. */
export function timeline(
  tracker: Tracker,
  paint: Paint,
  { now, width }: { readonly now: number; readonly width: number },
): string {
  const lanes = lanesInOrder(tracker).filter((lane) => lane.attempts.some(({ startedAt }) => startedAt !== undefined));
  if (lanes.length === 0) return "";
  const times = lanes.flatMap((lane) => momentsOf(lane, now));
  const from = Math.min(...times);
  const to = Math.max(...times, from + 1_000);
  const nameWidth = Math.min(24, Math.max(...lanes.map(({ id }) => id.length)));
  const columns = Math.max(20, Math.min(72, width - nameWidth - 6));
  const column = (at: number) => Math.min(columns - 1, Math.floor(((at - from) / (to - from)) * columns));
  const rows = lanes.map(
    (lane) => `  ${lane.id.slice(0, nameWidth).padEnd(nameWidth)}  ${row(lane, paint, { now, columns, column })}`,
  );
  const scale = `${" ".repeat(nameWidth + 4)}0s${shortTime(to - from).padStart(columns - 2)}`;
  const legend = `${" ".repeat(nameWidth + 4)}${paint.cyan("█")} attempt  ${paint.red("▒")} attempt that did not count  ${paint.green("◆")} landed`;
  return [...rows, paint.dim(scale), legend].join("\n");
}

interface Frame {
  readonly now: number;
  readonly columns: number;
  readonly column: (at: number) => number;
}

function row(lane: Lane, paint: Paint, { now, columns, column }: Frame): string {
  const cells: string[] = new Array<string>(columns).fill(paint.dim("·"));
  for (const attempt of lane.attempts) {
    if (attempt.startedAt === undefined) continue;
    const end = attempt.endedAt === undefined ? now : Date.parse(attempt.endedAt);
    const mark = attempt.failure === undefined ? paint.cyan("█") : paint.red("▒");
    for (let at = column(Date.parse(attempt.startedAt)); at <= column(end); at++) cells[at] = mark;
  }
  if (isLanded(lane) && lane.merge?.state === "landed") cells[column(Date.parse(lane.merge.at))] = paint.green("◆");
  return cells.join("");
}

function momentsOf(lane: Lane, now: number): readonly number[] {
  const attempts = lane.attempts.flatMap(({ startedAt, endedAt }) =>
    startedAt === undefined ? [] : [Date.parse(startedAt), endedAt === undefined ? now : Date.parse(endedAt)],
  );
  return lane.merge?.state === "landed" ? [...attempts, Date.parse(lane.merge.at)] : attempts;
}
