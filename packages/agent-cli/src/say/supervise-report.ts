import { printableLine } from "@orchard/kernel";
import { type Spec, sayTime } from "@orchard/tracker-core";
import type { SuperviseReport } from "@orchard/workflow/tasks";
import { goneLines } from "./gone-line.ts";
import { layerLine, shortened } from "./layer-line.ts";
import { noteLine } from "./note-line.ts";
import { sayHours } from "./say-hours.ts";

/** The seed's report (a line a layer, then what is stuck), and below it what else somebody who supervises needs. */
export function superviseReport(
  spec: Spec,
  report: SuperviseReport,
  { now, bars }: { readonly now: number; readonly bars: (share: number) => string },
): string {
  const lines = [
    ...goneLines(spec),
    ...report.layers.map(
      (layer) => `${bars(layer.total === 0 ? 1 : layer.completed / layer.total)}${layerLine(spec, layer)}`,
    ),
    ...stuckLine(report),
    ...changesLine(report),
    ...waitingLines(report),
    ...criticalLine(spec, report),
    ...report.unblocking.map((one) => unblockingLine(one, now)),
    ...removedLine(report),
    ...report.notes.map((note) => noteLine(note, now, note.task)),
  ];
  return `${lines.join("\n")}\n`;
}

function stuckLine({ stuck }: SuperviseReport): readonly string[] {
  if (stuck.length === 0) return [];
  return [
    `Stuck tasks: ${stuck.map(({ task, quietMs }) => `${task} (no activity for ${sayHours(quietMs)})`).join(", ")}`,
  ];
}

function changesLine({ changesRequested }: SuperviseReport): readonly string[] {
  return changesRequested.length === 0 ? [] : [`Changes requested: ${shortened(changesRequested)}`];
}

function waitingLines({ workedOn }: SuperviseReport): readonly string[] {
  return workedOn.flatMap(({ task, agent, waitingFor }) =>
    waitingFor === undefined ? [] : [`Waiting: @${agent} with ${task}, for ${printableLine(waitingFor)}`],
  );
}

function criticalLine(spec: Spec, { criticalPath: path }: SuperviseReport): readonly string[] {
  if (path.length < 2) return [];
  const owners = new Map(spec.definition.tasks.map(({ id, agent }) => [id, agent]));
  const named = path.map((id) => (owners.get(id) === undefined ? id : `${id} @${owners.get(id)}`));
  const shown = named.length <= 10 ? named : [...named.slice(0, 9), `… ${named.at(-1)}`];
  return [`Critical path (${path.length} tasks): ${shown.join(" → ")}`];
}

function unblockingLine({ task, unblocks, expectedAt }: SuperviseReport["unblocking"][number], now: number): string {
  const when = expectedAt === undefined ? "" : dueIn(Date.parse(expectedAt) - now);
  return `Expected: ${task} unblocks ${shortened(unblocks)}${when}`;
}

function dueIn(milliseconds: number): string {
  return milliseconds < 60_000 ? ", any moment now" : ` in about ${sayTime(milliseconds)}`;
}

function removedLine({ removed }: SuperviseReport): readonly string[] {
  if (removed.length === 0) return [];
  const said = removed.map(({ task, state }) => `${task} (${state.replaceAll("_", " ")})`).join(", ");
  return [`Not in the file any more: ${said}`];
}
