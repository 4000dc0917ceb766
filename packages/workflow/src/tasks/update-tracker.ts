import { findLane, happened, NOTHING, unknownLane } from "@orchard/tracker-core";
import { textSchema } from "@orchard/tracker-core/schemas";
import * as z from "zod";
import { parseJsonInput } from "../input/parse-json-input.ts";
import { record } from "../orchard/record.ts";
import type { TaskDesk } from "./desk.ts";
import { foreignLane, noLaneHere } from "./errors.ts";

const progressSchema = z.strictObject({ progress: textSchema(2_000).min(1) });

/** What an agent may change of the tracker: `{"progress": "…"}` of its own lane, or the same below `lanes.<id>`. */
const updateSchema = z.union([
  progressSchema,
  z.strictObject({ lanes: z.record(z.string(), progressSchema).refine((lanes) => Object.keys(lanes).length > 0) }),
]);

/**
 * Merges what a lane says of its progress into the tracker; nothing else of it changes. Throws `INVALID_INPUT`,
 * `UNKNOWN_LANE`, `NO_LANE_HERE`, and `FOREIGN_LANE` for another's lane.
 */
export async function updateTracker(desk: TaskDesk, json: string): Promise<readonly string[]> {
  const update = parseJsonInput(json, updateSchema, { name: "update" });
  const own = desk.asker.place.lane;
  const wanted = "lanes" in update ? Object.entries(update.lanes) : [[own, update] as const];
  for (const [id] of wanted) {
    if (own === undefined || id === undefined) throw noLaneHere(desk.asker.place.path);
    if (id !== own) throw foreignLane(id, own);
  }
  for (const [id, { progress }] of wanted) {
    await record(desk.orchard, `lane ${id}: ${progress.slice(0, 80)}`, (tracker) => {
      const lane = findLane(tracker, id ?? "");
      if (lane === undefined) throw unknownLane(id ?? "", Object.keys(tracker.lanes));
      if (lane.progress === progress) return NOTHING;
      return happened({ type: "lane-progressed", lane: lane.id, progress, by: desk.asker.agent });
    });
  }
  return wanted.flatMap(([id]) => id ?? []);
}
