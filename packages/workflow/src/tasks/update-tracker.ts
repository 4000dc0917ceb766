import { canonicalJson } from "@orchard/kernel";
import { findLane, happened, NOTHING, unknownLane } from "@orchard/tracker-core";
import { textSchema } from "@orchard/tracker-core/schemas";
import * as z from "zod";
import { parseJsonInput } from "../input/parse-json-input.ts";
import { record } from "../orchard/record.ts";
import { whyNotAPath } from "../probes/safe-path.ts";
import type { TaskDesk } from "./desk.ts";
import { foreignLane, noLaneHere } from "./errors.ts";

/** A file below `docs/_generated`. */
const nameSchema = z.string().superRefine((name, context) => {
  const why = whyNotAPath(name);
  if (why !== undefined) context.addIssue({ code: "custom", message: `${JSON.stringify(name)} is no result: ${why}` });
});

/** A result as seed 000 writes it, or with the time that its relatives add. */
const resultSchema = z.union([
  nameSchema,
  z.strictObject({ file: nameSchema, timestamp: textSchema(100).optional() }).transform(({ file }) => file),
]);

const changeSchema = z
  .strictObject({
    progress: textSchema(2_000).min(1).optional(),
    results: z.array(resultSchema).max(1_000).optional(),
  })
  .refine(
    ({ progress, results }) => progress !== undefined || results !== undefined,
    "says neither progress nor results",
  );

/** What an agent may change of the tracker: progress and results of its own lane, or the same below `lanes.<id>`. */
const updateSchema = z.union([
  z.strictObject({ lanes: z.record(z.string(), changeSchema).refine((lanes) => Object.keys(lanes).length > 0) }),
  changeSchema,
]);

/**
 * Merges what a lane says of its progress and its results into the tracker; nothing else of it changes. Throws `INVALID_INPUT`,
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
  for (const [id, { progress, results }] of wanted) {
    const said = progress ?? `results: ${results?.join(", ") ?? ""}`;
    await record(desk.orchard, `lane ${id}: ${said.slice(0, 80)}`, (tracker) => {
      const lane = findLane(tracker, id ?? "");
      if (lane === undefined) throw unknownLane(id ?? "", Object.keys(tracker.lanes));
      const isKnown =
        (progress ?? lane.progress) === lane.progress &&
        canonicalJson(results ?? lane.toldResults) === canonicalJson(lane.toldResults);
      if (isKnown) return NOTHING;
      return happened({ type: "lane-progressed", lane: lane.id, progress, results, by: desk.asker.agent });
    });
  }
  return wanted.flatMap(([id]) => id ?? []);
}
