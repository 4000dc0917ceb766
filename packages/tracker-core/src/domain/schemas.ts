import { type LaneId, parseLaneId, whyNotAnId } from "@orchard/kernel";
import * as z from "zod";

/** Text of at most `longest` characters that a program can be given: arguments and variables end at a NUL. */
export function textSchema(longest: number) {
  return z
    .string()
    .max(longest)
    .refine((given) => !given.includes("\0"), "contains a NUL character");
}

/** A program with its arguments, or one string that `sh -c` runs unchanged. */
export const commandSchema = z.union([
  textSchema(65_536).min(1, "a command must not be empty"),
  z.array(textSchema(65_536)).min(1, "a command needs a program").max(1_000),
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
  name: textSchema(500).min(1).optional(),
  spec: textSchema(64).min(1).optional(),
  tasks: z.array(textSchema(65_536).min(1)).max(1_000).default([]),
  parallel: z.boolean().default(false),
  priority: prioritySchema.default("medium"),
  dependsOn: z.array(laneIdSchema).max(1_000).default([]).transform(distinct),
  files: z.array(textSchema(4_096).min(1)).max(10_000).default([]),
  agent: textSchema(64).min(1).optional(),
  command: commandSchema.optional(),
  verify: z.array(commandSchema).max(100).optional(),
  noChange: z.boolean().default(false),
});

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
