import { createHash } from "node:crypto";
import { join } from "node:path";
import { namesIn, nodeFiles, readWhole } from "@orchard/host";
import { canonicalJson, whyNotAnId } from "@orchard/kernel";
import type { WaitingRules } from "@orchard/tracker-core";

/** A spec's file with the definition of its tasks. */
export interface SpecFile {
  readonly name: string;
  /** Relative to the main work tree, with forward slashes. */
  readonly path: string;
  /** More than one file claims to define the spec; the other one. */
  readonly rival?: string | undefined;
}

export const TASK_FILE = "layered-tasks.md";

/** Where a spec's file may lie, below its folder (seed 001 knows both). */
const PLACES = ["agent-tasks/", ""] as const;

export function specPath(spec: string, place: (typeof PLACES)[number] = "agent-tasks/"): string {
  return `specs/${spec}/${place}${TASK_FILE}`;
}

/** The specs with a task file in the main checkout, by name. A folder whose name is no id is none. */
export async function findSpecFiles(mainRoot: string): Promise<readonly SpecFile[]> {
  const names = (await namesIn(nodeFiles, join(mainRoot, "specs"))).filter(
    (name) => whyNotAnId(name, "any case") === undefined,
  );
  const found = await Promise.all(names.sort().map((name) => specFile(mainRoot, name)));
  return found.filter((file) => file !== undefined);
}

/** Bytes of a file, `undefined` when no file is there: a pipe or a device of that name is none. */
export async function readBytes(path: string): Promise<Uint8Array | undefined> {
  return readWhole(nodeFiles, path);
}

/** Names a definition: the bytes of its file, and the rules by which they were read. */
export function definitionHash(bytes: Uint8Array, rules: WaitingRules, inferred: boolean | undefined): string {
  const how = canonicalJson({ reader: 1, inferred: inferred ?? null, ...rules });
  return createHash("sha256").update(bytes).update("\0").update(how).digest("hex");
}

async function specFile(mainRoot: string, name: string): Promise<SpecFile | undefined> {
  const there = await Promise.all(
    PLACES.map(async (place) => {
      const path = specPath(name, place);
      return (await namesIn(nodeFiles, join(mainRoot, "specs", name, place))).includes(TASK_FILE) ? path : undefined;
    }),
  );
  const [path, rival] = there.filter((each) => each !== undefined);
  return path === undefined ? undefined : { name, path, ...(rival === undefined ? {} : { rival }) };
}
