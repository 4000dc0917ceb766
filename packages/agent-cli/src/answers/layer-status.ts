import { layerProgress, requireSpec } from "@orchard/tracker-core";
import type { Answer } from "../answer.ts";
import type { Question } from "../question.ts";
import { goneLines } from "../say/gone-line.ts";
import { layerLine } from "../say/layer-line.ts";
import type { Given } from "../shape/command-shape.ts";
import { specNamed } from "./spec-named.ts";

/** How far each layer is, and what it waits for. */
export function layerStatus({ progress, environment }: Question, given: Given): Answer {
  const spec = requireSpec(progress, specNamed(progress, given, environment));
  const layers = layerProgress(spec);
  const lines = [...goneLines(spec), ...layers.map((layer) => layerLine(spec, layer))];
  return {
    // Only a program asks for it.
    get data() {
      return {
        spec: spec.name,
        gone_since: spec.goneSince,
        layers: layers.map(({ tasks, ...layer }) => ({
          ...layer,
          tasks: tasks.map(({ definition: { id, title }, status, waitingFor }) => ({
            task: id,
            title,
            status,
            waiting_for: waitingFor,
          })),
        })),
      };
    },
    text: `${lines.length === 0 ? "The spec has no tasks." : lines.join("\n")}\n`,
  };
}
