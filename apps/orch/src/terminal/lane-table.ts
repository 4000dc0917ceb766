import { stripVTControlCharacters } from "node:util";
import { printableLine } from "@orchard/kernel";
import type { Paint } from "@orchard/terminal";
import {
  attemptsMade,
  type Lane,
  type LaneStatus,
  laneStatus,
  lanesInOrder,
  lastAttempt,
  presentAttempts,
  type Tracker,
} from "@orchard/tracker-core";
import Table from "cli-table3";
import { reasonLine } from "./reason-line.ts";

/** The seed's symbols. */
export const SYMBOL: Readonly<Record<LaneStatus | "created" | "removed", string>> = {
  completed: "✓",
  failed: "✗",
  running: "→",
  pending: "○",
  created: "○",
  blocked: "⊗",
  removed: "⊘",
};

const RANK = { high: 0, medium: 1, low: 2 } as const;

interface Column {
  readonly title: string;
  readonly cell: (lane: Lane) => string;
  /** Left out when no lane says anything else here. */
  readonly boring?: string;
}

/** Every lane in a row: high priority first, then in the order added. A column that says nothing is left out. */
export function laneTable(
  tracker: Tracker,
  paint: Paint,
  view: { readonly now: number; readonly width: number },
): string {
  const lanes = lanesInOrder(tracker).toSorted((a, b) => RANK[a.definition.priority] - RANK[b.definition.priority]);
  const columns = columnsFor(tracker, paint, view.now).filter(
    ({ cell, boring }) => boring === undefined || lanes.some((lane) => cell(lane) !== boring),
  );
  const rows = lanes.map((lane) => columns.map(({ cell }) => cell(lane)));
  const used = columns.reduce(
    (sum, { title }, at) => sum + widest([title, ...rows.map((row) => row[at] ?? "")]) + GAP,
    0,
  );
  const room = Math.max(MINIMUM_ROOM, view.width - used - GAP);
  const table = new Table({
    head: [...columns.map(({ title }) => title), "what"].map((title) => paint.dim(title)),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": GAP },
    wordWrap: false,
  });
  for (const [at, lane] of lanes.entries()) table.push([...(rows[at] ?? []), reasonLine(whatOf(lane), room)]);
  return table.toString();
}

const GAP = 2;
const MINIMUM_ROOM = 16;

function columnsFor(tracker: Tracker, paint: Paint, now: number): readonly Column[] {
  const painted = (lane: Lane, text: (status: LaneStatus) => string) => {
    const status = laneStatus(tracker, lane);
    return colour(shownAs(lane, status), paint)(text(status));
  };
  return [
    { title: "", cell: (lane) => painted(lane, (status) => SYMBOL[shownAs(lane, status)]) },
    { title: "lane", cell: ({ id }) => id },
    { title: "state", cell: (lane) => painted(lane, (status) => stateWords(lane, status)) },
    { title: "priority", cell: ({ definition }) => definition.priority, boring: "medium" },
    {
      title: "needs",
      cell: ({ definition }) => printableLine(definition.dependsOn.join(", "), 20) || "-",
      boring: "-",
    },
    {
      title: "agent",
      cell: ({ attempts }) => printableLine(lastAttempt(attempts)?.agent ?? "-", 10),
      boring: "command",
    },
    { title: "try", cell: triesOf },
    { title: "time", cell: (lane) => timeOf(lane, now) },
  ];
}

/** Done, and yet in somebody's hands: a conflict waits for a person, what was not landed has to be mended. */
function shownAs(lane: Lane, status: LaneStatus): LaneStatus {
  if (lane.state !== "completed") return status;
  if (lane.merge?.state === "conflicted") return "blocked";
  return lane.merge?.state === "rejected" ? "failed" : status;
}

function widest(cells: readonly string[]): number {
  return Math.max(...cells.map((cell) => stripVTControlCharacters(cell).length));
}

function triesOf({ attempts, attemptsAllowed }: Lane): string {
  const made = presentAttempts(attempts).filter(({ abandoned }) => abandoned !== true).length;
  const former = attempts.filter((attempt) => attempt.former === true);
  return made === 0 ? "-" : `${made}/${attemptsAllowed - attemptsMade(former)}`;
}

/** `landed`, `conflict`, … where the seed's word alone would hide what a person wants to know. */
export function stateWords(lane: Lane, status: LaneStatus): string {
  if (lane.state === "completed" && lane.merge !== undefined) {
    const words = { intended: "landing", landed: "landed", conflicted: "conflict", rejected: "not landed" };
    return words[lane.merge.state];
  }
  if (lane.state === "stopped" || lane.state === "parked") return lane.state;
  return status === "running" && lane.state !== "running" ? lane.state : status;
}

function whatOf(lane: Lane): string {
  if (lane.merge?.state === "conflicted") return `conflict in ${lane.merge.conflict.files.join(", ")}`;
  if (lane.merge?.state === "rejected") return lane.merge.reason;
  if (lane.parked !== undefined) return lane.parked.waits.map(({ reason }) => reason).join("; ");
  if (lane.failure !== undefined && lane.state !== "completed") return lane.failure.reason.replace(AGENT_FAILED, "");
  return lane.definition.name ?? lane.definition.tasks[0] ?? "";
}

/** The state beside it says as much. */
const AGENT_FAILED = /^the agent did not succeed: /;

function timeOf(lane: Lane, now: number): string {
  const attempt = lastAttempt(presentAttempts(lane.attempts));
  if (attempt?.startedAt === undefined) return "-";
  const end = attempt.endedAt === undefined ? now : Date.parse(attempt.endedAt);
  return shortTime(end - Date.parse(attempt.startedAt));
}

/** `8s`, `12m`, `3h05m`. */
export function shortTime(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds}s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`;
  return `${Math.floor(seconds / 3600)}h${String(Math.floor((seconds % 3600) / 60)).padStart(2, "0")}m`;
}

function colour(status: LaneStatus, paint: Paint): (text: string) => string {
  const colours = {
    completed: paint.green,
    failed: paint.red,
    running: paint.cyan,
    pending: paint.dim,
    blocked: paint.yellow,
  };
  return colours[status];
}

const NO_LINES = Object.fromEntries(
  [
    "top",
    "top-mid",
    "top-left",
    "top-right",
    "bottom",
    "bottom-mid",
    "bottom-left",
    "bottom-right",
    "left",
    "left-mid",
    "mid",
    "mid-mid",
    "right",
    "right-mid",
    "middle",
  ].map((part) => [part, ""]),
);
