import { writeFile } from "node:fs/promises";
import { fileLocks } from "@orchard/host";
import { OrchardError } from "@orchard/kernel";
import { openRepository, parseOid } from "@orchard/worktree-git";
import { findPlace } from "../../orchard/place.ts";
import { type BuiltInProbe, isBuiltInProbe } from "../known-probes.ts";
import { probeReport } from "../probe-report.ts";
import { type ProbeResult, probeResultSchema } from "../probe-result.ts";
import { probeDocs } from "./docs.ts";
import { resultText } from "./found-gap.ts";
import { probeOpenTasks } from "./open-tasks.ts";
import { probeProject } from "./project.ts";
import { openSurvey, type Survey } from "./survey.ts";
import { probeTodo } from "./todo.ts";
import { probeUntested } from "./untested/untested.ts";

/** Tells how far it is, one line at a time. */
export type Progress = (line: string) => void;

const PROBES: Readonly<Record<BuiltInProbe, (survey: Survey, progress: Progress) => Promise<ProbeResult>>> = {
  project: probeProject,
  todo: probeTodo,
  untested: probeUntested,
  "open-tasks": probeOpenTasks,
  docs: probeDocs,
};

/**
 * Runs a built-in probe on the commit, in the worktree and with the files that the variables of a probe name, and writes
 * its result there. The same commit gives the same bytes. Throws `USAGE` when it was not started as a probe.
 */
export async function runBuiltInProbe(
  name: string,
  environment: Readonly<Record<string, string | undefined>>,
  progress: Progress,
): Promise<void> {
  const {
    ORCH_PROBE_RESULT: file,
    ORCH_PROBE_REPORT: report,
    ORCH_WORKTREE: worktree,
    ORCH_PROBE_COMMIT: commit,
  } = environment;
  if (!isBuiltInProbe(name) || !file || !report || !worktree || !commit) throw notStartedAsAProbe();
  const place = findPlace(worktree);
  const repository = await openRepository(place.repository, { stateDir: place.stateDir, locks: fileLocks });
  using survey = await openSurvey(repository, parseOid(commit), worktree);
  progress(`${name}: ${survey.files.length} files`);
  const result = await PROBES[name](survey, progress);
  probeResultSchema.parse(result);
  await writeFile(file, resultText(result));
  await writeFile(report, probeReport(result));
  progress(`${name}: ${result.gaps.length} gaps`);
}

function notStartedAsAProbe(): OrchardError {
  return new OrchardError({
    code: "USAGE",
    kind: "user",
    message: "This is how Orchard starts its own probes; it is nothing to be called by hand.",
    hint: "Run: orch probes",
  });
}
