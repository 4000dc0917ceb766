import { printableLine } from "@orchard/kernel";
import { type Lane, type LaneStatus, laneStatus, lanesInOrder, lastAttempt, type Tracker } from "@orchard/tracker-core";
import Table from "cli-table3";
import type { Paint } from "./paint.ts";

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

/** Every lane in a row: high priority first, then in the order added. */
export function laneTable(
  tracker: Tracker,
  paint: Paint,
  { now, width }: { readonly now: number; readonly width: number },
): string {
  const lanes = lanesInOrder(tracker).toSorted((a, b) => RANK[a.definition.priority] - RANK[b.definition.priority]);
  const table = new Table({
    head: ["", "lane", "state", "priority", "needs", "agent", "try", "time", "what"].map((title) => paint.dim(title)),
    chars: NO_LINES,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    wordWrap: false,
  });
  const room = Math.max(16, width - 78);
  for (const lane of lanes) {
    const status = laneStatus(tracker, lane);
    const attempt = lastAttempt(lane.attempts);
    table.push([
      colour(status, paint)(SYMBOL[status]),
      lane.id,
      colour(status, paint)(stateWords(lane, status)),
      lane.definition.priority,
      printableLine(lane.definition.dependsOn.join(", "), 20) || "-",
      printableLine(attempt?.agent ?? "-", 10),
      lane.attempts.length === 0
        ? "-"
        : `${lane.attempts.filter(({ abandoned }) => abandoned !== true).length}/${lane.attemptsAllowed}`,
      timeOf(lane, now),
      printableLine(whatOf(lane), room),
    ]);
  }
  return table.toString();
}

/** `landed`, `conflict`, … where the seed's word alone would hide what a person wants to know. */
export function stateWords(lane: Lane, status: LaneStatus): string {
  if (lane.state === "completed" && lane.merge !== undefined) {
    const words = { intended: "landing", landed: "landed", conflicted: "conflict", rejected: "not landed" };
    return words[lane.merge.state];
  }
  if (lane.state === "stopped") return "stopped";
  return status === "running" && lane.state !== "running" ? lane.state : status;
}

function whatOf(lane: Lane): string {
  if (lane.merge?.state === "conflicted") return `conflict in ${lane.merge.conflict.files.join(", ")}`;
  if (lane.merge?.state === "rejected") return lane.merge.reason;
  if (lane.failure !== undefined && lane.state !== "completed") return lane.failure.reason;
  return lane.definition.name ?? lane.definition.tasks[0] ?? "";
}

function timeOf(lane: Lane, now: number): string {
  const attempt = lastAttempt(lane.attempts);
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
