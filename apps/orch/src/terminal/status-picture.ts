import { basename } from "node:path";
import { printableLine } from "@orchard/kernel";
import { type Paint, progressBar } from "@orchard/terminal";
import { flakyGates, statusStats, type Tracker } from "@orchard/tracker-core";
import { activeDriver, howToGoOn } from "@orchard/workflow";
import { laneTable } from "./lane-table.ts";
import { timeline } from "./timeline.ts";

const PHASES = ["initialised", "probes", "plan", "execute", "merge"] as const;

/** The whole run at a glance: where it stands, how far it is, every lane, and what happened when. */
export function statusPicture(
  tracker: Tracker,
  paint: Paint,
  view: { readonly now: number; readonly width: number },
): string {
  const stats = statusStats(tracker);
  const landed = Object.values(tracker.lanes).filter((lane) => lane.merge?.state === "landed").length;
  const head = `${paint.bold(`Orchard · ${printableLine(basename(tracker.home?.mainRepo ?? ""), 60)}`)} → ${tracker.home?.base.replace(/^refs\/heads\//, "") ?? "?"}`;
  const phase = phaseWords(tracker);
  if (stats.lanes_total === 0)
    return `${head}   ${phase}\n\nNo lane yet. Add one: orch add-lane <id> '{"tasks": ["…"]}'\n`;
  const counts = [
    `${stats.lanes_completed} of ${stats.lanes_total} lanes done`,
    `${landed} landed`,
    `${stats.lanes_running} running`,
    ...(stats.lanes_failed > 0 ? [paint.red(`${stats.lanes_failed} failed`)] : []),
  ].join(", ");
  const bar = progressBar(stats.completion_percentage / 100);
  return [
    `${head}   ${phase}${driverWords(tracker, paint)}`,
    `${bar}   ${counts}`,
    "",
    laneTable(tracker, paint, view),
    ...notes(tracker, paint),
    ...flaky(tracker, paint),
    ...section(timeline(tracker, paint, view)),
    "",
  ].join("\n");
}

function driverWords(tracker: Tracker, paint: Paint): string {
  const driver = activeDriver(tracker);
  if (driver !== undefined) return `   driven by pid ${driver.identity.pid} since ${driver.startedAt}`;
  return tracker.status === "running"
    ? `
${paint.yellow(`No orch drives it any more. Go on: ${howToGoOn(tracker)}`)}`
    : "";
}

function phaseWords({ phase, status }: Tracker): string {
  return phase === 0 ? "ready" : `phase ${phase} ${PHASES[phase]}, ${status}`;
}

function notes(tracker: Tracker, paint: Paint): readonly string[] {
  const { behind, conflict } = tracker.base;
  const base = tracker.home?.base.replace(/^refs\/heads\//, "");
  return [
    ...(behind === undefined
      ? []
      : [
          "",
          paint.yellow(`landed, not yet in your checkout: ${printableLine(behind.why, 300)}`),
          "hint: commit or stash what is in the way, then: orch sync",
        ]),
    ...(conflict === undefined
      ? []
      : ["", paint.yellow(`${base} and the landed work contradict each other in ${conflict.files.join(", ")}`)]),
  ];
}

function flaky(tracker: Tracker, paint: Paint): readonly string[] {
  const gates = flakyGates(tracker).map(({ command, seenIn }) =>
    paint.yellow(
      `flaky: ${printableLine(command, 80)} was red, then green on the same tree (${printableLine(seenIn.join(", "), 120)})`,
    ),
  );
  return gates.length === 0 ? [] : ["", ...gates];
}

function section(text: string): readonly string[] {
  return text === "" ? [] : ["", text];
}
