import { COMPLETED_SHELLS, completionScript, type WordKind } from "@orchard/terminal/completion";
import { Command } from "commander";
import { badChoice } from "../errors.ts";
import { commanderOf } from "../shape/commander-of.ts";
import { SHAPES } from "../shape/shapes.ts";
import type { Action } from "./action.ts";

/** The script with which a shell completes `orbit-agent`, made of its commands. Needs no repository. */
export const completion: Action = async (_around, given) => {
  const asked = given.arguments["shell"] ?? "";
  const shell = COMPLETED_SHELLS.find((one) => one === asked);
  if (shell === undefined) throw badChoice("<shell>", asked, COMPLETED_SHELLS);
  const program = new Command("orbit-agent").version("", "--version");
  for (const shape of SHAPES) program.addCommand(commanderOf(shape, async () => undefined));
  const script = completionScript(shell, program, kindOf);
  return { data: { shell, script }, text: script };
};

function kindOf(name: string, path: readonly string[]): WordKind {
  if (name === "shell") return { oneOf: COMPLETED_SHELLS };
  if (name === "verb" && path[0] === "tracker") return { oneOf: ["get", "update"] };
  if (name === "status") return { oneOf: ["pending_review", "approved", "merged", "rejected"] };
  if (name === "task") return { asked: "tasks" };
  return name === "spec" ? { asked: "specs" } : "none";
}
