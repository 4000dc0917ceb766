import type { Json } from "@orchard/kernel";
import { readTrackerField } from "@orchard/workflow/tasks";
import { trackerField } from "../answers/tracker-field.ts";
import { badChoice } from "../errors.ts";
import type { Action } from "./action.ts";

/** Reads the tracker, or a part of it. */
export const tracker: Action = async (around, given) => {
  const verb = given.arguments["verb"] ?? "";
  if (verb !== "get") throw badChoice("The verb", verb, ["get"]);
  const path = given.arguments["path"];
  const found: Json | undefined = await readTrackerField(await around.orchard(), path);
  return trackerField(path, found);
};
