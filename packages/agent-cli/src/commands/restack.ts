import { restack as putInStep, type RestackOutcome } from "@orchard/workflow/tasks";
import type { Answer } from "../answer.ts";
import { optionsExclude } from "../errors.ts";
import { sayConflict } from "../say/conflict.ts";
import type { Given } from "../shape/command-shape.ts";
import type { Action } from "./action.ts";

/** Brings this worktree in step with the tasks whose code it contains. */
export const restack: Action = async (around, given) => said(await putInStep(await around.desk(), modeOf(given)));

function modeOf({ options }: Given): "go" | "continue" | "abandon" {
  if (options["continue"] === true && options["abandon"] === true) throw optionsExclude("--continue", "--abandon");
  if (options["continue"] === true) return "continue";
  return options["abandon"] === true ? "abandon" : "go";
}

function said(outcome: RestackOutcome): Answer {
  switch (outcome.kind) {
    case "conflicted":
      return sayConflict(outcome);
    case "nothing": {
      const { waitingFor } = outcome;
      const waits = waitingFor.map(({ task }) => task).join(", ");
      const text = waits === "" ? "This worktree is in step." : `Nothing can be replaced yet; waiting for ${waits}.`;
      return { data: outcome, text: `${text}\n` };
    }
    case "restacked": {
      const what = outcome.replaced.map(({ task, why }) => `${task} (${why})`).join(", ");
      const changed = outcome.to === outcome.from ? "Nothing had to change" : `HEAD is now ${outcome.to.slice(0, 10)}`;
      return { data: outcome, text: `In step again${what === "" ? "" : `: ${what}`}. ${changed}.\n` };
    }
    case "abandoned": {
      const kept =
        outcome.rescue === undefined ? "nothing was done in it" : `what was done is kept as ${outcome.rescue}`;
      return { data: { ...outcome, rescue: outcome.rescue ?? null }, text: `The resolution is given up; ${kept}.\n` };
    }
  }
}
