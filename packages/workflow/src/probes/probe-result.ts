import { whyNotAnId } from "@orchard/kernel";
import { buildGraph, findCycle } from "@orchard/scheduler";
import { textSchema } from "@orchard/tracker-core/schemas";
import * as z from "zod";
import { nameSchema, refuse, shown } from "../input/name-schema.ts";
import { pathSchema } from "./path-schema.ts";
import { whyNotAProbeName } from "./probe-name.ts";

/** The largest result, in bytes of its JSON; a larger one is not read. */
export const LARGEST_RESULT = 1 << 20;
/** Gaps in one result. A probe that finds more names the gravest and says how many it left out (`omitted`). */
export const MOST_GAPS = 1_000;
/** Files that one gap names; a result with more is not valid. */
export const MOST_FILES_OF_A_GAP = 500;
/** Tasks that close one gap; a result with more is not valid. */
export const MOST_TASKS_OF_A_GAP = 100;

/** How grave a gap is; a plan takes the graver one for more urgent. */
export type GapSeverity = "high" | "medium" | "low";

const gapIdSchema = nameSchema("a gap id", (id) => whyNotAnId(id, "lower case"));
const probeNameSchema = nameSchema("a probe's name", whyNotAProbeName);

const evidenceSchema = z.strictObject({
  file: pathSchema,
  line: z.int().min(1).max(100_000_000).optional(),
  text: textSchema(500).optional(),
});

/** Something missing that a probe found. Strict: no field of it can say what runs, as whom or with which variables. */
export const gapSchema = z.strictObject({
  /** `<probe>.<rest>`, lower case, at most 64 characters; the same gap keeps its id from run to run. */
  id: gapIdSchema,
  title: textSchema(300).min(1),
  severity: z.enum(["high", "medium", "low"]).default("medium"),
  /** Files that closing the gap is likely to change, relative to the repository. */
  files: z.array(pathSchema).max(MOST_FILES_OF_A_GAP).default([]),
  /** What to do, as sentences; ids of the spec's tasks when `spec` is given. */
  tasks: z.array(textSchema(4_000).min(1)).max(MOST_TASKS_OF_A_GAP).default([]),
  /** Gaps to close first; also of other probes. */
  dependsOn: z.array(gapIdSchema).max(100).default([]).transform(distinct),
  /** The spec whose tasks these are, by its folder's name. */
  spec: textSchema(64).min(1).optional(),
  detail: textSchema(4_000).optional(),
  evidence: z.array(evidenceSchema).max(100).optional(),
});

/** What a probe writes to `docs/_generated/<probe>.json`. */
export const probeResultSchema = z
  .strictObject({
    $schema: z.string().max(1_000).optional(),
    probe: probeNameSchema,
    summary: textSchema(4_000).optional(),
    /** What the probe learned besides, for people and for agents that plan. */
    facts: z.record(z.string().max(200), z.json()).optional(),
    gaps: z.array(gapSchema).max(MOST_GAPS),
    /** Gaps that it found and left out. */
    omitted: z.int().min(0).optional(),
  })
  .superRefine(({ probe, gaps }, context) => {
    requireOwnIds(probe, gaps, context);
    requireKnown(probe, gaps, context);
    refuseCycle(gaps, context);
  });

/** A result that {@link probeResultSchema} let pass, defaults filled in. */
export type ProbeResult = z.output<typeof probeResultSchema>;
/** Something missing that a probe found, with what would close it. */
export type Gap = ProbeResult["gaps"][number];

/** The probe that the gap belongs to, by its id. */
export function probeOfGap(id: string): string {
  return id.slice(0, Math.max(0, id.indexOf(".")));
}

type Found = readonly Pick<Gap, "id" | "dependsOn">[];

function requireOwnIds(probe: string, gaps: Found, context: z.RefinementCtx): void {
  const seen = new Set<string>();
  for (const [index, { id }] of gaps.entries()) {
    const path = ["gaps", index, "id"];
    const other = probeOfGap(id);
    if (other !== probe) {
      const whose = other === "" ? "" : `; ${shown(id)} is a gap of "${other}"`;
      refuse(context, `the gaps of "${probe}" are called "${probe}.…"${whose}`, path);
    }
    if (seen.has(id)) refuse(context, `${shown(id)} is there twice`, path);
    seen.add(id);
  }
}

function requireKnown(probe: string, gaps: Found, context: z.RefinementCtx): void {
  const known = new Set(gaps.map(({ id }) => id));
  for (const [index, { dependsOn }] of gaps.entries()) {
    for (const [at, id] of dependsOn.entries()) {
      const isMissing = probeOfGap(id) === probe && !known.has(id);
      if (isMissing) refuse(context, `${shown(id)} is no gap of this result`, ["gaps", index, "dependsOn", at]);
    }
  }
}

function refuseCycle(gaps: Found, context: z.RefinementCtx): void {
  const cycle = cycleOf(gaps);
  if (cycle === undefined) return;
  const at = gaps.findIndex(({ id }) => id === cycle[0]);
  refuse(context, `gaps wait for each other: ${[...cycle, cycle[0]].join(" → ")}`, ["gaps", at, "dependsOn"]);
}

/** The shortest cycle among gaps, as ids, each waiting for the next; what is no gap of them is no part of it. */
export function cycleOf(gaps: Found): readonly string[] | undefined {
  const nodes = gaps.map(({ id, dependsOn }) => ({ id, dependsOn, priority: 0, parallel: true, weight: 1 }));
  return findCycle(buildGraph(nodes));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
