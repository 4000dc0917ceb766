import { whyNotAnId } from "@orchard/kernel";
import { badRescueName } from "../errors.ts";
import { parseRef, type RefName } from "../ref-name.ts";

/** Where all pinned work lies. */
export const RESCUE_REFS = "refs/orch/rescue/";

/** By which pinned work is asked for: a name, mostly a lane's id, and a number. */
export interface RescueKey {
  readonly name: string;
  /** 1, 2, 3 …: a name may be rescued more than once. */
  readonly number: number;
}

/** `refs/orch/rescue/<name>/<number>`. Throws `BAD_RESCUE_NAME`. */
export function rescueRef({ name, number }: RescueKey): RefName {
  const why = whyNotAnId(name, "any case");
  if (why !== undefined) throw badRescueName(name, why);
  if (!Number.isSafeInteger(number) || number < 1) throw badRescueName(`${name}/${number}`, "the number is none");
  return parseRef(`${RESCUE_REFS}${name}/${number}`);
}

/** The name and number in a rescue ref; `undefined` for any other ref. */
export function parseRescueRef(ref: string): RescueKey | undefined {
  const found = /^refs\/orch\/rescue\/([^/]+)\/([1-9][0-9]*)$/.exec(ref);
  return found === null ? undefined : { name: found[1] ?? "", number: Number(found[2]) };
}
