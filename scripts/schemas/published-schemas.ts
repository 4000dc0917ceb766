import { trackerViewSchema } from "@orchard/tracker-core/tracker-view-schema";
import { configSchema, planSchema, probeResultSchema } from "@orchard/workflow";
import * as z from "zod";

/** Where the schemas are that are shipped with `orch`. */
export const SCHEMA_FOLDER = "apps/orch/schemas";

const PUBLISHED = {
  config: { schema: configSchema, title: "orch.config.jsonc: how Orchard works in a repository" },
  "probe-result": { schema: probeResultSchema, title: "docs/_generated/<probe>.json: what a probe found" },
  plan: { schema: planSchema, title: "docs/_generated/execution_plan.json: the lanes of a plan" },
  tracker: { schema: trackerViewSchema, title: ".orchestration/tracker.json: where everything stands" },
} as const;

/**
 * The published JSON schemas by path, made out of what the code itself checks with, as people write
 * the files; in the draft that editors know.
 */
export function publishedSchemas(): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(PUBLISHED).map(([name, { schema, title }]) => {
      const { $schema, ...rest } = z.toJSONSchema(schema, { io: "input", target: "draft-7", unrepresentable: "any" });
      const text = JSON.stringify({ $schema, title, ...rest }, null, 2);
      return [`${SCHEMA_FOLDER}/${name}.schema.json`, `${text}\n`];
    }),
  );
}
