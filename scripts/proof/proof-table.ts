import { table } from "../../benchmarks/report.ts";
import type { FaultResult } from "./run-fault.ts";

/** The table of a proof: a line for each fault, then what broke and what could not be tried here. */
export function proofTable(results: readonly FaultResult[]): string {
  const lines = results.map(({ fault, tried, broken, controls, ms }) => [
    fault.fault,
    String(tried),
    String(broken.length),
    controls.of === 0 ? "none" : `${controls.caught} of ${controls.of} caught`,
    `${Math.ceil(ms / 1000)} s`,
  ]);
  const broken = results.flatMap((result) => result.broken.map((title) => `BROKEN   ${result.fault.id}: ${title}`));
  const skipped = results.flatMap((result) => result.skipped.map((title) => `skipped  ${result.fault.id}: ${title}`));
  return [table([["fault", "tried", "broken", "unsafe variants", "time"], ...lines]), ...broken, ...skipped].join("\n");
}
