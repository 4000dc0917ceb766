import { commandSchema, textSchema } from "@orchard/tracker-core/schemas";
import * as z from "zod";
import { whyNotAProbeName } from "./probe-name.ts";

const promptSchema = z.strictObject({
  /** What the agent shall look for; how it writes its result is told it besides. */
  prompt: textSchema(65_536).min(1, "a prompt must not be empty"),
  /** The agent that looks; absent: chosen as for any lane. */
  agent: textSchema(64).min(1).optional(),
});

/** One probe in `orch.config.jsonc`: a command, a prompt for an agent, or `false` for none. */
export const probeSettingSchema = z.union([commandSchema, promptSchema, z.literal(false)]);

export type ProbeSetting = Exclude<z.output<typeof probeSettingSchema>, false>;

export const probesSchema = z.record(
  z.string().superRefine((name, context) => {
    const why = whyNotAProbeName(name);
    if (why !== undefined) context.addIssue({ code: "custom", message: `is not a probe's name: ${why}` });
  }),
  probeSettingSchema,
);
