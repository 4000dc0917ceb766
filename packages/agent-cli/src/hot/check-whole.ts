import { hash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { WaitingRules } from "@orchard/tracker-core";
import { definitionHash } from "@orchard/workflow/tasks";

/** Whether a view is as the store wrote it: `body` is everything below its first field. */
export function isAsWritten(body: string, checksum: string): boolean {
  return hash("sha256", body, "hex").slice(0, 32) === checksum;
}

/** Whether a task file is the one that was read into the definition of that name, by the same rules. */
export function isDefinedBy(path: string, { rules, inferred, hash: name }: DefinedBy): boolean {
  return definitionHash(readFileSync(path), rules, inferred) === name;
}

interface DefinedBy {
  readonly rules: WaitingRules;
  readonly inferred: boolean | undefined;
  readonly hash: string;
}
