import { addLaneFromJson } from "@orchard/workflow";
import { Command } from "commander";
import { define } from "../command.ts";
import { readGiven } from "../read-given.ts";

export function addLane(exit: { code: number }): Command {
  const command = new Command("add-lane")
    .description("Add a lane: JSON inline, from @file, or from standard input (-).")
    .argument("<id>", "lower case letters, digits, '.', '_', '-'")
    .argument(
      "<json>",
      "name, spec, tasks[], parallel, priority, dependsOn[], files[], agent, command, verify[], noChange",
    )
    .option(
      "--replace",
      "a new definition for a lane that has not started, or has failed or was stopped: its work is set aside",
    );
  return define(command, exit, {
    example: `orch add-lane docs '{"tasks": ["write the guide"], "parallel": true, "command": ["claude", "-p"]}'`,
    writes: true,
    action: async ({ orchard, paint }, id: string, json: string, options: { readonly replace?: boolean }) => {
      const opened = await orchard();
      const { text, source } = await readInput(json);
      const { lane, outcome, definition, specFound } = await addLaneFromJson(opened, id, text, {
        replace: options.replace === true,
        source,
      });
      const needs = definition.dependsOn.length === 0 ? "" : `, after ${definition.dependsOn.join(", ")}`;
      return {
        data: { lane, outcome, definition, specFound },
        text: `${paint.green(`Lane ${lane} ${outcome}`)}: ${definition.tasks.length} ${definition.tasks.length === 1 ? "task" : "tasks"}${ofSpec(definition.spec, specFound)}, ${definition.priority} priority${needs}.\n`,
      };
    },
  });
}

/** Which spec is meant is said where nobody told. */
function ofSpec(spec: string | undefined, found: boolean): string {
  if (spec === undefined) return "";
  return found ? ` of spec ${spec} (the only one that has them)` : ` of spec ${spec}`;
}

async function readInput(given: string): Promise<{ readonly text: string; readonly source: string }> {
  if (given === "-") return readGiven(given);
  return given.startsWith("@") ? readGiven(given.slice(1)) : { text: given, source: "lane" };
}
