import { type LaneId, parseLaneId } from "@orchard/kernel";
import { buildGraph, findCycle as findGraphCycle } from "@orchard/scheduler";
import { addLane, type FindCycle, findLane, type LaneDefinition } from "@orchard/tracker-core";
import { laneDefinitionSchema } from "@orchard/tracker-core/schemas";
import { parseRef } from "@orchard/worktree-git";
import { branchTaken, folderTaken, lanesWaitForEver } from "../errors.ts";
import { isAgentKnown } from "../execute/agent-choice.ts";
import { lanesInCircle, lanesUnderWay } from "../execute/lanes-in-circle.ts";
import { parseJsonInput } from "../input/parse-json-input.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { branchOf, worktreePath } from "../orchard/place.ts";
import { record } from "../orchard/record.ts";
import { requireUsable } from "./require-usable.ts";
import { withSpec } from "./with-spec.ts";

export interface AddedLane {
  readonly lane: LaneId;
  readonly outcome: "added" | "replaced";
  readonly definition: LaneDefinition;
  /** Nobody said which spec its tasks belong to: it was found by them. */
  readonly specFound: boolean;
}

/** Adds a lane from the JSON that a person gave; a running driver starts it. Nothing changes when it throws. */
export async function addLaneFromJson(
  orchard: Orchard,
  id: string,
  json: string,
  options: { readonly replace: boolean; readonly source: string },
): Promise<AddedLane> {
  const lane = parseLaneId(id);
  const given = parseJsonInput(json, laneDefinitionSchema, { name: options.source });
  const definition = await withSpec(orchard, given, options.source);
  await requireNoCircle(orchard, lane, definition);
  const { config } = await orchard.config();
  const before = findLane(await orchard.tracker(), lane);
  if (before === undefined) await requireFree(orchard, lane);
  else if (options.replace && (before.state === "failed" || before.state === "stopped"))
    await requireUsable(orchard, before, { fresh: true });
  const intent = { lane, definition, attemptsAllowed: config.attempts, replace: options.replace };
  const { outcome } = await record(orchard, `add-lane ${lane}`, (tracker) => addLane(tracker, intent, findCycle));
  await warnOfUnknownAgent(orchard, lane, definition);
  return { lane, outcome, definition, specFound: definition.spec !== undefined && given.spec === undefined };
}

/** A program may still be installed and a setting accepted before the lane starts: no reason to refuse it. */
async function warnOfUnknownAgent(orchard: Orchard, lane: LaneId, { agent, command }: LaneDefinition): Promise<void> {
  if (agent === undefined || command !== undefined || (await isAgentKnown(orchard, agent))) return;
  const text = `lane ${lane} wants agent "${agent}", which Orchard does not know and the configuration does not name: it would fail`;
  orchard.ports.report({ type: "warning", text, hint: "See which there are: orch agents" });
}

/** Throws `LANES_IN_CIRCLE` when the lane would wait for ever, for itself or with others. */
async function requireNoCircle(orchard: Orchard, id: LaneId, definition: LaneDefinition): Promise<void> {
  if (definition.spec === undefined) return;
  const { state } = await orchard.folded();
  const others = lanesUnderWay(state).filter((lane) => lane.id !== id);
  const circle = lanesInCircle(state.progress, [...others, { id, definition }]);
  if (circle?.lanes.includes(id)) throw lanesWaitForEver(circle);
}

/** The shortest cycle, by the scheduler's own search. */
export const findCycle: FindCycle = (lanes) =>
  findGraphCycle(buildGraph(lanes.map((lane) => ({ ...lane, priority: 0, parallel: true, weight: 1 }))));

async function requireFree(orchard: Orchard, lane: LaneId): Promise<void> {
  const repository = await orchard.repository();
  const branch = branchOf(lane);
  if ((await repository.resolve(parseRef(`refs/heads/${branch}`))) !== undefined) throw branchTaken(lane, branch);
  const folder = worktreePath(orchard.place, lane);
  if (await pathExists(folder)) throw folderTaken(lane, folder);
}
