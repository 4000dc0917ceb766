import { progressBar } from "@orchard/terminal";
import { layerProgress, requireSpec } from "@orchard/tracker-core";
import { layerLine } from "../say/layer-line.ts";
import { seenSpecs } from "../surroundings.ts";
import type { Action } from "./action.ts";
import { specNamed } from "./spec-named.ts";

/** How far each layer is, and what it waits for. */
export const layerStatus: Action = async (around, given) => {
  const { progress, specs } = await seenSpecs(await around.orchard());
  const spec = requireSpec(progress, specNamed(progress, given, around.environment));
  const layers = layerProgress(spec);
  const findings = specs.find(({ name }) => name === spec.name)?.findings ?? [];
  const bars = (done: number, total: number) =>
    around.isTerminal ? `${progressBar(total === 0 ? 1 : done / total, 16)}  ` : "";
  const lines = layers.map((layer) => `${bars(layer.completed, layer.total)}${layerLine(spec, layer)}`);
  return {
    data: {
      spec: spec.name,
      layers: layers.map(({ tasks, ...layer }) => ({
        ...layer,
        tasks: tasks.map(({ definition, status, waitingFor }) => ({
          task: definition.id,
          title: definition.title,
          status,
          waiting_for: waitingFor,
        })),
      })),
      findings,
    },
    text: `${lines.length === 0 ? "The spec has no tasks." : lines.join("\n")}\n`,
  };
};
