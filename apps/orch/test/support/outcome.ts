import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Field } from "./field.ts";

/** What a walk ends with: the base's tree, and the tracker without what may differ between two runs of the same. */
export interface Outcome {
  readonly tree: string;
  readonly tracker: unknown;
}

export function outcomeOf(field: Field): Outcome {
  const tracker = readFileSync(join(field.repo.path, ".orchestration", "tracker.json"), "utf8");
  return {
    tree: field.repo.git(["rev-parse", "main^{tree}"]),
    tracker: withoutChance(JSON.parse(tracker.replaceAll(field.folder, "<folder>"))),
  };
}

/** Times, tokens, process ids and object ids are chance; so is an attempt that was given up before any agent ran. */
function withoutChance(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter((item) => !isAbandoned(item)).map(withoutChance);
  if (typeof value === "string") return plain(value);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([key]) => !CHANCE.has(key));
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutChance(item)]));
}

/** `journal` is the view's place in the journal. */
const CHANCE: ReadonlySet<string> = new Set(["journal", "token", "attempt_token", "pid"]);

function plain(text: string): string {
  return text
    .replace(/\b[0-9a-f]{40}\b/g, "<oid>")
    .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replace(/\b[0-9a-f]{32}\b/g, "<token>");
}

function isAbandoned(item: unknown): boolean {
  return typeof item === "object" && item !== null && "abandoned" in item && item.abandoned === true;
}
