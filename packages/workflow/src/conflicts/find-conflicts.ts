import { join } from "node:path";
import type { LaneId } from "@orchard/kernel";
import { isLanded, type Lane, type LaneState, lanesInOrder, requireHome, requireLane } from "@orchard/tracker-core";
import { branchRef, conflictMatrix, parseOid, parseRef, type SideRequest } from "@orchard/worktree-git";
import { ensureLanded } from "../land/landed.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { branchOf } from "../orchard/place.ts";

/** How what has landed is called where lanes are compared; no lane can have that name. */
export const BASE_SIDE = "(base)";

/** A lane that was compared, and what it stood at. */
export interface ComparedLane {
  readonly lane: LaneId;
  readonly state: LaneState;
  readonly head: string;
  /** Paths that are not committed; they count. */
  readonly uncommitted: number;
  /** The uncommitted part could not be read this time: the head alone was compared. */
  readonly unread: boolean;
}

/** Two sides that would conflict; `files` is empty when they have no commit in common. */
export interface LaneConflict {
  readonly a: string;
  /** A lane, or {@link BASE_SIDE}. */
  readonly b: string;
  readonly files: readonly { readonly path: string; readonly reason: string }[];
}

/** Which lanes were compared, and which would conflict; `pairs` counts all, those looked at anew, and those merged. */
export interface FoundConflicts {
  readonly lanes: readonly ComparedLane[];
  readonly conflicts: readonly LaneConflict[];
  /** Pairs that contradict each other only in files under `regenerate`: a landing makes those anew by their command. */
  readonly madeAnew: readonly LaneConflict[];
  readonly pairs: { readonly all: number; readonly looked: number; readonly merged: number };
}

/**
 * Which lanes that have not landed would conflict with each other, or with what has landed, if they were merged as they
 * stand now, uncommitted work included; which contradict each other only in what a landing makes anew is told apart.
 * Nothing is changed anywhere. `only`: the conflicts of this lane. Throws `UNKNOWN_LANE`.
 */
export async function findConflicts(orchard: Orchard, only?: LaneId): Promise<FoundConflicts> {
  const tracker = await orchard.tracker();
  if (only !== undefined) requireLane(tracker, only);
  const repository = await orchard.repository();
  const lanes = lanesInOrder(tracker).filter((lane) => !isLanded(lane));
  const requests: SideRequest[] = [];
  for (const lane of lanes) {
    const request = await sideOf(orchard, lane);
    if (request !== undefined) requests.push(request);
  }
  const landed = await ensureLanded(repository, parseRef(requireHome(tracker).base));
  const { sides, conflicts, pairs } = await conflictMatrix(repository, [
    ...requests,
    { name: BASE_SIDE, commit: landed },
  ]);
  const compared = sides.flatMap(({ name, head, uncommitted, unread = false }): readonly ComparedLane[] => {
    const lane = lanes.find(({ id }) => id === name);
    return lane === undefined ? [] : [{ lane: lane.id, state: lane.state, head, uncommitted, unread }];
  });
  const wanted = conflicts.filter(({ a, b }) => only === undefined || a === only || b === only);
  const { regenerate } = (await orchard.config()).config;
  const isMadeAnew = ({ files }: LaneConflict) =>
    files.length > 0 && files.every(({ path, reason }) => Object.hasOwn(regenerate, path) && ON_BOTH_SIDES.has(reason));
  const { true: madeAnew = [], false: left = [] } = Object.groupBy(wanted, (one) => `${isMadeAnew(one)}`);
  return { lanes: compared, conflicts: left, madeAnew, pairs };
}

/** What git says of a file that both sides still have; any other cannot be made anew. */
const ON_BOTH_SIDES: ReadonlySet<string> = new Set(["contents", "binary", "add/add"]);

/** The worktree while it stands, else the finished commit or the branch; a lane that has nothing yet is none. */
async function sideOf(orchard: Orchard, lane: Lane): Promise<SideRequest | undefined> {
  const folder = lane.worktree?.ready === true ? join(orchard.place.mainRoot, lane.worktree.path) : undefined;
  const branch = branchRef(branchOf(lane.id));
  if (folder !== undefined && (await pathExists(folder))) return { name: lane.id, worktree: folder, branch };
  if (lane.work !== undefined) return { name: lane.id, commit: parseOid(lane.work.head) };
  if (lane.worktree === undefined && lane.setAside === undefined) return undefined;
  const tip = await (await orchard.repository()).resolve(branch);
  return tip === undefined ? undefined : { name: lane.id, commit: tip };
}
