import type { Json } from "@orchard/kernel";
import { readTrackerField, updateTracker } from "@orchard/workflow/tasks";
import { trackerField } from "../answers/tracker-field.ts";
import { badChoice } from "../errors.ts";
import type { Action } from "./action.ts";

/** Reads the tracker or a part of it, or tells the progress of the worktree's lane. */
export const tracker: Action = async (around, given) => {
  const verb = given.arguments["verb"] ?? "";
  const text = given.arguments["path"];
  if (verb === "update") {
    const lanes = await updateTracker(await around.desk(), text ?? "");
    return { data: { updated: lanes }, text: `Told the progress of ${lanes.join(", ")}.\n` };
  }
  if (verb !== "get") throw badChoice("The verb", verb, ["get", "update"]);
  const found: Json | undefined = await readTrackerField(await around.orchard(), text);
  return trackerField(text, found);
};
