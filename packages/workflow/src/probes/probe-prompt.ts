import type { Lane } from "@orchard/tracker-core";
import * as z from "zod";
import { reportFile, resultFile } from "./probe-files.ts";
import { probeResultSchema } from "./probe-result.ts";

/** What an agent that probes is told: what to look for, and the exact form of its answer. */
export function probePrompt(lane: Lane, probe: string, prompt: string, number: number): string {
  const failure = number > 1 ? lane.failure?.reason : undefined;
  return [
    `# Probe ${probe}`,
    "You look at this repository and report what is missing in it. You mend nothing: change no file but the two named below, set up nothing, commit nothing else.",
    `## What to look for\n${prompt}`,
    `## Your result\nWrite ${resultFile(probe)}: one JSON object of the schema below, with "probe": "${probe}" and one entry in "gaps" for each thing that is missing. Each id begins with "${probe}." and stays the same from run to run (no numbers that shift, no dates). Files are relative to the repository. Nothing missing is a good result: "gaps": []. If you like, write the same for people to ${reportFile(probe)}; otherwise it is made from the JSON.`,
    `## Schema\n\`\`\`json\n${JSON.stringify(z.toJSONSchema(probeResultSchema, { io: "input" }), null, 1)}\n\`\`\``,
    failure === undefined ? "" : `## Attempt ${number}\nThe attempt before did not count: ${failure}`,
    "## Done means\n- the result is there and of that schema\n- no other file is changed\n- you end with exit code 0",
  ]
    .filter((part) => part !== "")
    .join("\n\n")
    .concat("\n");
}
