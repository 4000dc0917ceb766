import { join } from "node:path";
import { nodeFiles, readWhole } from "@orchard/host";
import { type Finding, readLayeredTasks } from "@orchard/task-files";
import type { Spec } from "@orchard/tracker-core";
import type { Orchard } from "@orchard/workflow";

/** What is wrong or doubtful in a spec's task file as it is now; nothing of one that is not in the main checkout. */
export async function findingsOf(orchard: Orchard, { definition: { path } }: Spec): Promise<readonly Finding[]> {
  const inferred = (await orchard.config()).config.inferDependencies;
  const bytes = await readWhole(nodeFiles, join(orchard.place.mainRoot, path));
  return bytes === undefined ? [] : readLayeredTasks(bytes, inferred === undefined ? {} : { inferred }).findings;
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
