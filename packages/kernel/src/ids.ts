import { OrchardError } from "./orchard-error.ts";
import { printable } from "./untrusted-text.ts";

declare const brand: unique symbol;
type Id<Word extends string> = string & { readonly [brand]: Word };

/** The id of a lane, as {@link parseLaneId} lets it pass: lower case, safe as path, ref, argument and key. */
export type LaneId = Id<"lane">;
/** The id of a task, as {@link parseTaskId} lets it pass, in the case in which it was written. */
export type TaskId = Id<"task">;
/** The id of a track, as {@link parseTrackId} lets it pass. */
export type TrackId = Id<"track">;
/** The id of a run of a workflow, as {@link parseRunId} lets it pass. */
export type RunId = Id<"run">;

/** An id of any kind has at most so many characters. */
export const LONGEST_ID = 64;

/**
 * Words that git, Windows or a JavaScript object give a meaning of their own. An id becomes a path, a ref,
 * an argument and a key, so it may be none of them in any of those places.
 */
const RESERVED: ReadonlySet<string> = new Set([
  ..."head orig_head fetch_head merge_head cherry_pick_head revert_head rebase_head bisect_head auto_merge".split(" "),
  ..."con prn aux nul com0 com1 com2 com3 com4 com5 com6 com7 com8 com9".split(" "),
  ..."lpt0 lpt1 lpt2 lpt3 lpt4 lpt5 lpt6 lpt7 lpt8 lpt9".split(" "),
  ...Object.getOwnPropertyNames(Object.prototype).map((name) => name.toLowerCase()),
  "prototype",
]);

/** Why `text` is no id, or `undefined` when it is one. Linear in the length of `text`. */
export function whyNotAnId(text: string, letters: "lower case" | "any case"): string | undefined {
  if (text.length === 0) return "it is empty";
  if (text.length > LONGEST_ID) return `it is ${text.length} characters long, ${LONGEST_ID} are allowed`;
  const allowed = letters === "lower case" ? /^[a-z0-9._-]+$/ : /^[A-Za-z0-9._-]+$/;
  if (!allowed.test(text)) {
    return letters === "lower case"
      ? "only a-z, 0-9, '.', '_' and '-' are allowed"
      : "only letters a-z, digits, '.', '_' and '-' are allowed";
  }
  if (text.startsWith(".") || text.startsWith("-")) return `it starts with '${text[0]}'`;
  if (text.endsWith(".")) return "it ends with '.'";
  if (text.includes("..")) return "it contains '..'";
  if (text.toLowerCase().endsWith(".lock")) return "it ends with '.lock'";
  return isReserved(text.toLowerCase()) ? "it is a reserved word" : undefined;
}

/** Windows reserves `nul` with any extension too. */
function isReserved(text: string): boolean {
  return RESERVED.has(text) || RESERVED.has(text.slice(0, Math.max(0, text.indexOf("."))));
}

/** Throws `BAD_ID` (exit 2) unless `text` may safely become a path, a ref, an argument and a key. */
export function parseLaneId(text: string): LaneId {
  return checked(text, "lane", "lower case") as LaneId;
}

/** As {@link parseLaneId}; a task keeps the case it was written in. */
export function parseTaskId(text: string): TaskId {
  return checked(text, "task", "any case") as TaskId;
}

/** As {@link parseLaneId}. */
export function parseTrackId(text: string): TrackId {
  return checked(text, "track", "lower case") as TrackId;
}

/** As {@link parseLaneId}. */
export function parseRunId(text: string): RunId {
  return checked(text, "run", "lower case") as RunId;
}

function checked(text: string, word: string, letters: "lower case" | "any case"): string {
  const why = whyNotAnId(text, letters);
  if (why === undefined) return text;
  const shown = text.length > 80 ? `${text.slice(0, 77)}...` : text;
  throw new OrchardError({
    code: "BAD_ID",
    kind: "user",
    message: `${printable(JSON.stringify(shown))} is not a ${word} id: ${why}.`,
    hint: `Use letters, digits, '.', '_' and '-', for example "${word}-1".`,
    details: { word, id: shown },
  });
}
