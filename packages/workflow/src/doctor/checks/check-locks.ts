import { lstat, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import { livenessOf } from "@orchard/host";
import { isOrchardError, printableLine } from "@orchard/kernel";
import type { Finding } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** Locks whose holder died. They stop nobody for long, and guard nothing; but a person may wonder. */
export const checkLocks: Check = {
  name: "locks",
  look: async (patient) => {
    const findings: Finding[] = [];
    for (const path of await locksThere(patient)) findings.push(...(await lookAt(patient, path)));
    return findings;
  },
};

async function lookAt({ orchard }: Patient, path: string): Promise<readonly Finding[]> {
  const { locks } = orchard.ports;
  const shown = relative(orchard.place.mainRoot, path);
  try {
    const holder = await locks.holder(path);
    const isGone = holder === undefined ? await isOld(path) : livenessOf(holder.identity) === "dead";
    if (!isGone) return [];
    const who =
      holder === undefined
        ? "nobody says who holds it"
        : `process ${holder.identity.pid} (${printableLine(holder.command, 60)}) is dead`;
    return [
      {
        code: "lock-stale",
        severity: "warning",
        sentence: `The lock ${shown} was left behind: ${who}.`,
        todo: "The next command that needs it takes it over; orch doctor --repair does so now.",
        repair: async () => {
          const held = await locks.tryTake(path, { command: "orch doctor --repair" });
          await held?.release();
          return { did: held === undefined ? `${shown} has a new holder.` : `${shown} is free.` };
        },
      },
    ];
  } catch (error) {
    if (!isOrchardError(error, "LOCK_PATH_UNUSABLE")) throw error;
    return [{ code: "lock-unusable", severity: "error", sentence: error.message, todo: error.hint ?? "" }];
  }
}

async function locksThere({ orchard }: Patient): Promise<readonly string[]> {
  const { stateDir, orchestrationDir } = orchard.place;
  const found: string[] = [];
  for (const folder of [join(stateDir, "locks"), stateDir, orchestrationDir]) {
    const names = await readdir(folder).catch(() => []);
    found.push(
      ...names.filter((name) => /^[\w.-]+\.lock$/.test(name) || name === "turn").map((name) => join(folder, name)),
    );
  }
  return found;
}

/** The locks' own stale time. */
async function isOld(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found !== undefined && Date.now() - found.mtimeMs > 30_000;
}
