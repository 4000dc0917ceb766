import * as z from "zod";
import { parseJsonInput } from "../input/parse-json-input.ts";
import { type PlanFile, planLaneSchema, planSchema } from "./plan-schema.ts";

/**
 * A plan that a person or an agent wrote: in Orchard's own form (seed 000's, with dependencies), or in the other one that
 * is found: lanes as a map, priorities as numbers (1 is the highest) and `priority_order`. Throws `INVALID_INPUT` that
 * lists every problem with its line: also commands, agents and variables, which no plan can set.
 */
export function readPlanFile(text: string, source: string): PlanFile {
  const schema = isInTheOtherForm(parseJsonInput(text, z.unknown(), { name: source })) ? otherForm : planSchema;
  return parseJsonInput(text, schema, { name: source });
}

/** What is put in the form of {@link planSchema}, lane by lane, before it is checked like it. */
const lane = z.looseObject({});

const otherForm = z
  .looseObject({
    lanes: z.union([z.record(z.string(), lane), z.array(lane)]),
    priority_order: z.array(z.string()).optional(),
  })
  .transform((plan, context) => {
    const { lanes: given, priority_order: order = [], ...rest } = plan;
    const isList = Array.isArray(given);
    const lanes = isList ? Object.fromEntries(given.map((one, at) => [String(at), one])) : given;
    const ids = [...new Set([...order.filter((id) => Object.hasOwn(lanes, id)), ...Object.keys(lanes)])];
    for (const id of order) {
      if (!Object.hasOwn(lanes, id)) {
        context.addIssue({
          code: "custom",
          path: ["priority_order", order.indexOf(id)],
          message: `${JSON.stringify(id)} is no lane of this plan`,
        });
      }
    }
    const known = Object.keys(planSchema.shape);
    const others = Object.fromEntries(Object.entries(rest).filter(([key]) => known.includes(key)));
    const checked = planSchema.safeParse({
      ...others,
      lanes: ids.map((id) => ({ ...(isList ? {} : { id }), ...inWords(lanes[id] ?? {}) })),
    });
    if (checked.success) return checked.data;
    for (const issue of checked.error.issues) {
      const [first, at, ...path] = issue.path;
      const isOfMap = first === "lanes" && typeof at === "number" && !isList;
      const inMap = isOfMap ? ["lanes", ids[at] ?? "", ...path] : issue.path;
      context.addIssue({ code: "custom", message: sayIssue(issue), path: [...inMap] });
    }
    return z.NEVER;
  });

function sayIssue(issue: z.core.$ZodIssue): string {
  return issue.code === "unrecognized_keys" ? `unknown field ${issue.keys.join(", ")}` : issue.message;
}

/** Fields of lanes that make something run: refused by name. Others that we do not know say nothing to us. */
const RUNS = [
  "agent",
  "agents",
  "command",
  "commands",
  "env",
  "environment",
  "permissions",
  "ports",
  "setup",
  "verify",
];

/** Numbers as the words that they stand for; `dependencies` and `depends_on` as `dependsOn`. */
function inWords(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { priority, dependencies, depends_on: depends, ...rest } = given;
  const dependsOn = dependencies ?? depends;
  const known = [...Object.keys(planLaneSchema.shape), ...RUNS];
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => known.includes(key))),
    ...(priority === undefined ? {} : { priority: typeof priority === "number" ? wordOf(priority) : priority }),
    ...(dependsOn === undefined ? {} : { dependsOn }),
  };
}

function wordOf(priority: number): string {
  if (priority <= 1) return "high";
  return priority === 2 ? "medium" : "low";
}

function isInTheOtherForm(plan: unknown): boolean {
  const lanes = isObject(plan) ? plan["lanes"] : undefined;
  if (Array.isArray(lanes)) return lanes.some((one) => isObject(one) && typeof one["priority"] === "number");
  return isObject(lanes);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
