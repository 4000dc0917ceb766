import { isOrchardError } from "@orchard/kernel";
import { requireHome } from "@orchard/tracker-core";
import {
  type Blobs,
  type CommittedFile,
  committedFiles,
  isPlainFile,
  type Oid,
  openBlobs,
  parseRef,
} from "@orchard/worktree-git";
import { ensureLanded } from "../land/landed.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { knownProbes } from "./known-probes.ts";
import { parseProbeResult } from "./parse-probe-result.ts";
import { GENERATED, resultFile } from "./probe-files.ts";
import { cycleOf, LARGEST_RESULT, type ProbeResult, probeOfGap } from "./probe-result.ts";

/** Something about a result that a person should know; its gaps are not used. */
export interface ResultFinding {
  readonly file: string;
  /** One sentence a problem, with line and field where there is one. */
  readonly message: string;
}

/** What probes have found, as far as it has landed, and what of it is not used. */
export interface ProbeReading {
  /** The landed commit that was read. */
  readonly commit: Oid;
  /** Valid results, by name of their probe. */
  readonly results: readonly ProbeResult[];
  readonly findings: readonly ResultFinding[];
}

/**
 * The probe results that have landed: `docs/_generated/<probe>.json` of the landed commit, whatever lies in the checkout.
 * A result that is not valid is a finding and not used; so is one of a probe that is switched off, and what waits in a
 * circle over several results. Other files there are no results and left alone. Same commit, same reading.
 */
export async function readProbeResults(orchard: Orchard): Promise<ProbeReading> {
  const repository = await orchard.repository();
  const commit = await ensureLanded(repository, parseRef(requireHome(await orchard.tracker()).base));
  const files = await committedFiles(repository, commit, GENERATED);
  const known = await knownProbes(orchard);
  const findings: ResultFinding[] = [];
  const results: ProbeResult[] = [];
  using blobs = await openBlobs(repository);
  for (const file of files) {
    const name = /^([^/]+)\.json$/.exec(file.path.slice(GENERATED.length + 1))?.[1];
    if (name === undefined || name === "execution_plan") continue;
    const read = await readOne(blobs, file, name, known.has(name));
    if (read === undefined) continue;
    if ("message" in read) findings.push({ file: file.path, message: read.message });
    else if (known.get(name) === "off") findings.push({ file: file.path, message: `probe "${name}" is switched off` });
    else results.push(read);
  }
  const sorted = results.toSorted((a, b) => (a.probe < b.probe ? -1 : 1));
  return { commit, ...withoutCycles(sorted, findings) };
}

/** `undefined`: no probe's result at all. */
async function readOne(
  blobs: Blobs,
  file: CommittedFile,
  name: string,
  isKnown: boolean,
): Promise<ProbeResult | { readonly message: string } | undefined> {
  if (!isPlainFile(file)) return isKnown ? { message: "it is no plain file" } : undefined;
  if (file.size > LARGEST_RESULT) {
    return isKnown ? { message: `it is larger than ${LARGEST_RESULT} bytes` } : undefined;
  }
  const text = (await blobs.read(file.oid))?.toString("utf8") ?? "";
  if (!isKnown && !saysItIsAResult(text)) return undefined;
  try {
    return parseProbeResult(text, { probe: name, source: file.path });
  } catch (error) {
    if (!isOrchardError(error, "INVALID_INPUT")) throw error;
    return { message: error.message };
  }
}

/** A report that a lane wrote beside the results has no such fields. */
function saysItIsAResult(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && Object.hasOwn(value, "probe") && Object.hasOwn(value, "gaps");
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Each result is free of circles by itself; together they may not be. */
function withoutCycles(
  results: readonly ProbeResult[],
  findings: readonly ResultFinding[],
): Pick<ProbeReading, "results" | "findings"> {
  const cycle = cycleOf(results.flatMap(({ gaps }) => gaps));
  if (cycle === undefined) return { results, findings };
  const guilty = new Set(cycle.map(probeOfGap));
  const message = `gaps of several probes wait for each other: ${[...cycle, cycle[0]].join(" → ")}`;
  const found = [...guilty].map((probe) => ({ file: resultFile(probe), message }));
  return withoutCycles(
    results.filter(({ probe }) => !guilty.has(probe)),
    [...findings, ...found],
  );
}
