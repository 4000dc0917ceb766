import { type LaneId, parseLaneId } from "@orchard/kernel";
import type { LaneDefinition } from "@orchard/tracker-core";
import { GENERATED, reportFile, resultFile } from "./probe-files.ts";

/** The lane that a probe runs in, the same in every run. Throws `BAD_ID`. */
export function probeLane(probe: string): LaneId {
  return parseLaneId(`probe-${probe}`);
}

/** A probe as a lane, in the shape of seed 000. Its result is checked in place of verify, and may be the same as before. */
export function probeDefinition(probe: string): LaneDefinition {
  return {
    name: `Probe ${probe}`,
    probe,
    tasks: [`Execute probe ${probe}`],
    parallel: true,
    priority: "high",
    dependsOn: [],
    files: [resultFile(probe), reportFile(probe)],
    verify: [],
    noChange: true,
  };
}

/** `todo.json`, `todo.md`: as the seed lists results, relative to {@link GENERATED}. */
export function resultNames(probe: string): readonly string[] {
  return [resultFile(probe), reportFile(probe)].map((file) => file.slice(GENERATED.length + 1));
}
