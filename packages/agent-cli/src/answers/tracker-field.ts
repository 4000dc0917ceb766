import type { Json } from "@orchard/kernel";
import type { Answer } from "../answer.ts";
import { noSuchField } from "../errors.ts";

/** A part of the tracker as JSON; a text as it is. Throws `NO_SUCH_FIELD`. */
export function trackerField(path: string | undefined, found: Json | undefined): Answer {
  if (found === undefined) throw noSuchField(path ?? "");
  const text = typeof found === "string" ? found : JSON.stringify(found, undefined, 2);
  return { data: { path: path ?? null, value: found }, text: `${text}\n` };
}
