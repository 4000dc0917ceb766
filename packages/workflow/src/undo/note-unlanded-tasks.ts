import type { SpecFact, UndoPlan } from "@orchard/tracker-core";
import { ownTasks } from "../land/own-tasks.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { recordProgress } from "../tasks/record-progress.ts";

/** The finished tasks of lanes whose landing is taken back are done, and not in the base any more. Again is fine. */
export async function noteUnlandedTasks(orchard: Orchard, { steps }: UndoPlan): Promise<void> {
  const lanes = steps.flatMap((step) => (step.kind === "unland" ? [step.lane] : []));
  if (lanes.length === 0) return;
  await recordProgress(orchard, `tasks of ${lanes.join(", ")} have not landed any more`, (progress) => ({
    facts: lanes.flatMap((id) =>
      ownTasks(progress, { id }).flatMap(({ spec, task, work }): readonly SpecFact[] =>
        work.landed === undefined ? [] : [{ type: "work-unlanded", spec, task, commit: work.commit ?? "" }],
      ),
    ),
    outcome: null,
  }));
}
