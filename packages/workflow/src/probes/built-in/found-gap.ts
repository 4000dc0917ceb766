import { createHash } from "node:crypto";
import { LONGEST_ID, printableLine } from "@orchard/kernel";
import { type Gap, type GapSeverity, LARGEST_RESULT, MOST_GAPS, type ProbeResult } from "../probe-result.ts";

/** A gap as a built-in probe gives it: what is missing is empty. */
export type FoundGap = Pick<Gap, "id" | "title" | "severity"> & Partial<Gap>;

/** `<probe>.<words>-<hash>`: tells people what it is about, differs for different words, and is the same in every run. */
export function gapId(probe: string, words: string): string {
  const hash = createHash("sha256").update(words).digest("hex").slice(0, 8);
  const room = LONGEST_ID - probe.length - hash.length - 2;
  const slug = words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  const kept = slug.length <= room ? slug : slug.slice(slug.length - room).replace(/^[^-]*-/, "");
  return kept === "" ? `${probe}.${hash}` : `${probe}.${kept}-${hash}`;
}

/** Text from a file as one line of a result. */
export function oneLine(text: string, width = 200): string {
  return printableLine(text, width);
}

const WEIGHT: Readonly<Record<GapSeverity, number>> = { high: 0, medium: 1, low: 2 };

/** The result in its one form: gravest first, then by id; as many gaps as a result may have, the others counted. */
export function resultOf(
  probe: string,
  summary: string,
  gaps: readonly FoundGap[],
  facts?: ProbeResult["facts"],
): ProbeResult {
  const whole = gaps
    .map(
      ({ id, title, severity, ...rest }): Gap => ({
        id,
        title,
        severity,
        files: [],
        tasks: [],
        dependsOn: [],
        ...rest,
      }),
    )
    .sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || (a.id < b.id ? -1 : 1));
  for (let kept = Math.min(whole.length, MOST_GAPS); ; kept = Math.floor(kept * 0.8)) {
    const omitted = whole.length - kept;
    const some = { gaps: whole.slice(0, kept), ...(omitted === 0 ? {} : { omitted }) };
    const result: ProbeResult = { probe, summary, ...(facts === undefined ? {} : { facts }), ...some };
    if (kept === 0 || Buffer.byteLength(resultText(result)) <= LARGEST_RESULT) return result;
  }
}

export function resultText(result: ProbeResult): string {
  return `${JSON.stringify(result, null, 2)}\n`;
}

/** "1 file", "3 files". */
export function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
