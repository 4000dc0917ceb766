import type { Json, JsonObject } from "@orchard/kernel";
import { trackerView } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";

/** A part of `tracker.json` by its path (`lanes.docs.status`), from the journal; `undefined` when there is none. */
export async function readTrackerField(orchard: Orchard, path: string | undefined): Promise<Json | undefined> {
  const view = trackerView(await orchard.tracker());
  return path === undefined ? view : fieldAt(view, path);
}

export function fieldAt(view: JsonObject, path: string): Json | undefined {
  let at: Json | undefined = view;
  for (const key of path.split(".")) {
    if (typeof at !== "object" || at === null || Array.isArray(at)) return undefined;
    const object = at as JsonObject;
    at = Object.hasOwn(object, key) ? object[key] : undefined;
  }
  return at;
}
