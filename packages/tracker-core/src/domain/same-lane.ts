import { canonicalJson } from "@orchard/kernel";
import type { Lane } from "./lane.ts";

/** Whether both are the same lane in every field; what is absent equals what is `undefined`. */
export function isSameLane(a: Lane | null | undefined, b: Lane | null | undefined): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
