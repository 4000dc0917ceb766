import { join } from "node:path";
import type { Lane } from "@orchard/tracker-core";
import { reportFile, resultFile } from "./probe-files.ts";

/** Variables of a probe's process: who it is, which commit it looks at and where its result goes. Absolute paths. */
export function probeEnvironment({ definition, worktree }: Lane, folder: string): Record<string, string> {
  const { probe } = definition;
  if (probe === undefined) return {};
  return {
    ORCH_PROBE: probe,
    ORCH_PROBE_RESULT: join(folder, resultFile(probe)),
    ORCH_PROBE_REPORT: join(folder, reportFile(probe)),
    ORCH_PROBE_COMMIT: worktree?.start ?? "",
  };
}
