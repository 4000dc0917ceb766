import { findRecord, type LayerProgress, type Spec, type TaskInLayer } from "@orchard/tracker-core";

/** A layer in one line, in the words of seed 001: `Layer 1: 6/8 complete (75%) - @claude finishing T032`. */
export function layerLine(spec: Spec, layer: LayerProgress): string {
  const { number, status, completed, total } = layer;
  const name = number === 0 ? "No layer" : `Layer ${number}`;
  const notStarted = status === "blocked" || status === "available";
  const done = notStarted
    ? `${completed}/${total} started`
    : `${completed}/${total} complete (${total === 0 ? 100 : Math.floor((completed / total) * 100)}%)`;
  const rest = restOf(spec, layer);
  return `${name}: ${done}${rest === "" ? "" : ` - ${rest}`}`;
}

/** Who finishes what; else what can be started; else what it is blocked on: tasks, or a layer that has to land whole. */
function restOf(spec: Spec, { status, tasks, waitingFor, waitingForLayers }: LayerProgress): string {
  if (status === "completed") return "";
  const working = tasks.flatMap(({ definition: { id } }) => {
    const agent = findRecord(spec, id)?.claim?.agent;
    return agent === undefined ? [] : [{ id, agent }];
  });
  if (working.length > 0) return byAgent(working);
  const idsOf = (wanted: TaskInLayer["status"]) =>
    tasks.filter((task) => task.status === wanted).map(({ definition }) => definition.id);
  const free = idsOf("available");
  if (free.length > 0) return `Available: ${shortened(free)}`;
  const again = idsOf("changes_requested");
  if (again.length > 0) return `To be changed: ${shortened(again)}`;
  const blockers = waitingFor.length > 0 ? waitingFor : [...new Set(tasks.flatMap((task) => task.waitingFor))];
  if (blockers.length > 0) return `Blocked on ${shortened(blockers)}`;
  const [below] = waitingForLayers;
  if (below !== undefined) return `Waits for layer ${below} to land`;
  const ended = [...idsOf("failed"), ...idsOf("cancelled")];
  return ended.length > 0 ? `Given up: ${shortened(ended)}` : "";
}

function byAgent(working: readonly { readonly id: string; readonly agent: string }[]): string {
  const groups = Map.groupBy(working, ({ agent }) => agent);
  return [...groups].map(([agent, tasks]) => `@${agent} finishing ${shortened(tasks.map(({ id }) => id))}`).join(", ");
}

const SHOWN = 8;

export function shortened(ids: readonly string[]): string {
  return ids.length <= SHOWN ? ids.join(", ") : `${ids.slice(0, SHOWN).join(", ")} and ${ids.length - SHOWN} more`;
}
