import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isSystemError } from "@orchard/kernel";
import { type Finding, readLayeredTasks } from "@orchard/task-files";
import type { Spec } from "@orchard/tracker-core";
import type { Orchard } from "@orchard/workflow";

/** What is wrong or doubtful in a spec's task file as it is now; nothing of one that is not in the main checkout. */
export async function findingsOf(orchard: Orchard, { definition: { path } }: Spec): Promise<readonly Finding[]> {
  try {
    const inferred = (await orchard.config()).config.inferDependencies;
    const bytes = await readFile(join(orchard.place.mainRoot, path));
    return readLayeredTasks(bytes, inferred === undefined ? {} : { inferred }).findings;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR", "EISDIR")) return [];
    throw error;
  }
}

const SHOWN = 10;

/** `specs/001-x/agent-tasks/layered-tasks.md:12:3: T099 is not defined.` */
export function findingLines({ definition: { path } }: Spec, findings: readonly Finding[]): readonly string[] {
  const telling = findings.filter(({ severity }) => severity !== "info");
  const more = telling.length > SHOWN ? [`and ${telling.length - SHOWN} more findings; all of them: --json`] : [];
  return [
    ...telling
      .slice(0, SHOWN)
      .map(({ message, position }) => `${path}:${position.line}:${position.column}: ${message}`),
    ...more,
  ];
}
