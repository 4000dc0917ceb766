import { whyNotAnId } from "@orchard/kernel";
import { prioritySchema, textSchema } from "@orchard/tracker-core/schemas";
import * as z from "zod";
import { nameSchema } from "../input/name-schema.ts";
import { pathSchema } from "../probes/path-schema.ts";

/** Lanes of one plan. */
export const MOST_LANES = 2_000;

const laneIdSchema = nameSchema("a lane id", (id) => whyNotAnId(id, "lower case"));

/** A lane of a plan. Strict: no field of it can say what runs, as whom or with which variables. */
export const planLaneSchema = z.strictObject({
  id: laneIdSchema,
  name: textSchema(500).min(1).optional(),
  /** The spec whose tasks these are, by its folder's name. */
  spec: textSchema(64).min(1).optional(),
  /** Sentences; ids of the spec's tasks when `spec` is given. */
  tasks: z.array(textSchema(65_536).min(1)).min(1).max(1_000),
  /** Missing means false: such lanes run one after the other (seed 000). */
  parallel: z.boolean().default(false),
  priority: prioritySchema.default("medium"),
  dependsOn: z.array(laneIdSchema).max(1_000).default([]),
  files: z.array(pathSchema).max(10_000).default([]),
  /** Ids of the gaps that it closes. */
  gaps: z.array(textSchema(64).min(1)).max(1_000).default([]),
});

/** `docs/_generated/execution_plan.json`: seed 000's shape, with what goes before what beside it. */
export const planSchema = z.strictObject({
  $schema: z.string().max(1_000).optional(),
  phase: z.int().min(0).max(4).default(2),
  base: textSchema(250).optional(),
  /** The landed commit that it was made for. */
  commit: textSchema(64).optional(),
  /** In plan order. */
  lanes: z.array(planLaneSchema).max(MOST_LANES),
  total_lanes: z.int().min(0).optional(),
  parallel_lanes: z.int().min(0).optional(),
  sequential_lanes: z.int().min(0).optional(),
  /** Lanes that were there before and stay, by hand or by an older plan. */
  other_lanes: z.array(z.strictObject({ id: laneIdSchema, name: textSchema(500).optional() })).optional(),
  /** sha256 of the rest as Orchard wrote it: by it an edit is seen. */
  digest: z.string().max(64).optional(),
});

export type PlanFile = z.output<typeof planSchema>;
export type PlanLane = z.output<typeof planLaneSchema>;
