import type { SimulatedDisk } from "@orchard/host/testing";
import type { View } from "@orchard/tracker-core";
import type { Ledger } from "./ledger.ts";
import type { Observations } from "./observations.ts";
import type { Simulation } from "./simulation.ts";

export const VIEW: View<Ledger> = {
  path: "/repo/view/view.json",
  lock: "/repo/view/view.lock",
  render: ({ entries }) => ({ entries: entries.length, ids: entries.map(({ id }) => id) }),
};

/** What stands in the view now, as anybody may read it. */
export function viewOf(disk: SimulatedDisk): { readonly entries: number; readonly ids: readonly string[] } | undefined {
  const content = disk.find(VIEW.path)?.content().toString("utf8");
  return content === undefined ? undefined : JSON.parse(content);
}

/** Looks at the view from outside: it must be whole, and what it says must stay true. */
export function watchView(simulation: Simulation, seen: Observations): void {
  const { steps } = simulation;
  try {
    const view = viewOf(simulation.disk);
    if (view === undefined) return;
    if (view.entries !== view.ids.length) seen.faults.push("a view contradicts itself");
    seen.seen.push({
      seq: 0,
      entries: view.entries,
      last: view.ids.at(-1),
      began: steps,
      ended: steps,
      how: "the view",
    });
  } catch {
    seen.faults.push(`a torn view: ${simulation.disk.find(VIEW.path)?.content().toString("latin1").slice(0, 40)}`);
  }
}
