import { readdirSync, readFileSync } from "node:fs";
import { createDurable, nodeFiles, type ProcessIdentity } from "@orchard/host";
import { attemptFiles } from "./attempt-files.ts";

/** One supervisor that an attempt has or had; the one with the highest number counts. */
export interface SupervisorClaim {
  readonly number: number;
  readonly supervisor: ProcessIdentity;
}

export function readClaim(folder: string): SupervisorClaim | undefined {
  const number = Math.max(0, ...numbers(folder));
  if (number === 0) return undefined;
  return { number, supervisor: JSON.parse(readFileSync(attemptFiles(folder).supervisor(number), "utf8")) };
}

/**
 * Makes `supervisor` number `number` of the attempt. False when another process was faster: of any number of
 * processes that try for the same number, one gets it. Complete or absent after a crash (link of a synced file).
 */
export async function claimAttempt(folder: string, { number, supervisor }: SupervisorClaim): Promise<boolean> {
  return createDurable(nodeFiles, attemptFiles(folder).supervisor(number), `${JSON.stringify(supervisor)}\n`);
}

function numbers(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => {
    const number = /^supervisor-([0-9]+)\.json$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
