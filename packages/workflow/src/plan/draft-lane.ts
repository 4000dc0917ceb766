import { type LaneId, parseLaneId } from "@orchard/kernel";
import type { LaneDefinition } from "@orchard/tracker-core";
import * as z from "zod";
import { GENERATED } from "../probes/probe-files.ts";
import { gapItems, taskItems } from "./plan-items.ts";
import { planSchema } from "./plan-schema.ts";
import type { PlanSources } from "./plan-sources.ts";

/** The lane in which an agent drafts a plan. */
export const DRAFT_LANE: LaneId = parseLaneId("plan-draft");
/** Where it writes its draft. */
export const DRAFT_FILE = `${GENERATED}/plan_draft.json`;

/** What is checked in place of verify is the draft itself; it is read from the lane's commit and never lands. */
export function draftDefinition(agent: string, sources: PlanSources): LaneDefinition {
  return {
    name: "Draft of the plan",
    draft: true,
    tasks: [draftTask(sources)],
    agent,
    parallel: true,
    priority: "high",
    dependsOn: [],
    files: [DRAFT_FILE],
    verify: [],
    noChange: false,
  };
}

function draftTask({ reading, progress, covered }: PlanSources): string {
  const gaps = gapItems(
    reading.results.flatMap((result) => result.gaps),
    covered,
  ).map(({ id }) => id);
  const tasks = taskItems(progress, [], covered).map(({ id }) => id);
  return [
    `Draft a plan and write it to ${DRAFT_FILE}; commit that one file and change no other.`,
    `The plan is one JSON object of the schema below. Each lane is worked on by one agent in a worktree of its own, beside the others: put what touches the same files in one lane, and name in dependsOn what must go first.`,
    `Every gap that is listed is in the "gaps" of exactly one lane; what each is stands in ${GENERATED}/<probe>.json. Every task of a spec that is listed is in exactly one lane with that "spec" and the task's id in "tasks". You choose lanes, names, sentences and order; a plan cannot choose agents, commands or variables.`,
    `Gaps: ${gaps.length === 0 ? "none" : gaps.join(", ")}`,
    `Open tasks, as spec/task: ${tasks.length === 0 ? "none" : tasks.join(", ")}`,
    `Schema:\n${JSON.stringify(z.toJSONSchema(planSchema, { io: "input" }))}`,
  ].join("\n\n");
}
