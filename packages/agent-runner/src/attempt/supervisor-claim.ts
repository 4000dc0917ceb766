import { readdirSync, readFileSync } from "node:fs";
import { nodeFiles, type ProcessIdentity, randomToken, TEMPORARY_SUFFIX, writeSynced } from "@orchard/host";
import { isSystemError } from "@orchard/kernel";
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
  const path = attemptFiles(folder).supervisor(number);
  const temporary = `${path}.${randomToken()}${TEMPORARY_SUFFIX}`;
  await writeSynced(nodeFiles, temporary, `${JSON.stringify(supervisor)}\n`, { mode: 0o600 });
  try {
    await nodeFiles.link(temporary, path);
    return true;
  } catch (error) {
    if (isSystemError(error, "EEXIST")) return false;
    throw error;
  } finally {
    await nodeFiles.unlink(temporary);
    await nodeFiles.syncFolder(folder);
  }
}

function numbers(folder: string): readonly number[] {
  return readdirSync(folder).flatMap((name) => {
    const number = /^supervisor-([0-9]+)\.json$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}
