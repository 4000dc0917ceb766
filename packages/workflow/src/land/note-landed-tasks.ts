import { isLanded, lanesInOrder, type Progress, type SpecFact, type Tracker } from "@orchard/tracker-core";
import type { Orchard } from "../orchard/open-orchard.ts";
import { recordProgress } from "../tasks/record-progress.ts";
import { sightWorld } from "../tasks/sight-world.ts";
import { ownTasks } from "./own-tasks.ts";

/** The finished tasks of lanes that have landed have landed with them, also squashed. Again is fine. */
export async function noteLandedTasks(orchard: Orchard): Promise<void> {
  const progress = await sightWorld(orchard);
  const tracker = await orchard.tracker();
  if (landings(tracker, progress).length === 0) return;
  await recordProgress(orchard, "tasks have landed with their lanes", (now) => ({
    facts: landings(tracker, now),
    outcome: null,
  }));
}

function landings(tracker: Tracker, progress: Progress): readonly SpecFact[] {
  return lanesInOrder(tracker).flatMap((lane): readonly SpecFact[] => {
    const { merge } = lane;
    if (!isLanded(lane) || merge?.state !== "landed") return [];
    const { commit, at } = merge;
    return ownTasks(progress, lane).flatMap(({ spec, task, record, work }): readonly SpecFact[] => {
      const isIn = record.state === "completed" && work.landed === undefined && work.completedAt <= at;
      return isIn && work.commit !== undefined ? [{ type: "work-landed", spec, task, commit }] : [];
    });
  });
}
