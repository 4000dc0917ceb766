import { type LaneId, parseLaneId, whyNotAnId } from "@orchard/kernel";
import * as z from "zod";

/** A program with its arguments, or one string that `sh -c` runs unchanged. */
export const commandSchema = z.union([
  z.string().min(1, "a command must not be empty").max(65_536),
  z.array(z.string().max(65_536)).min(1, "a command needs a program").max(1_000),
]);

export const prioritySchema = z.enum(["high", "medium", "low"]);

const laneIdSchema = z
  .string()
  .superRefine((text, context) => {
    const why = whyNotAnId(text, "lower case");
    if (why !== undefined)
      context.addIssue({ code: "custom", message: `${JSON.stringify(text)} is not a lane id: ${why}` });
  })
  .transform((text): LaneId => parseLaneId(text));

/**
 * What a person says about a lane when adding it. `parallel` missing means false: such lanes run one after the
 * other (seed 000).
 */
export const laneDefinitionSchema = z.strictObject({
  name: z.string().min(1).max(500).optional(),
  tasks: z.array(z.string().min(1).max(65_536)).max(1_000).default([]),
  parallel: z.boolean().default(false),
  priority: prioritySchema.default("medium"),
  dependsOn: z.array(laneIdSchema).max(1_000).default([]),
  files: z.array(z.string().min(1).max(4_096)).max(10_000).default([]),
  agent: z.string().min(1).max(64).optional(),
  command: commandSchema.optional(),
  verify: z.array(commandSchema).max(100).optional(),
  noChange: z.boolean().default(false),
});
