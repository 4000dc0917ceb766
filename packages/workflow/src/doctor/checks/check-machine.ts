import { gitVersion } from "@orchard/worktree-git";
import { isConfigUnreadable } from "../../config/errors.ts";
import { freeDisk } from "../../environment/free-disk.ts";
import type { Finding } from "../finding.ts";
import type { Check, Patient } from "../patient.ts";

/** What the machine gives: room on the disk, and a git without a hole that is known. */
export const checkMachine: Check = {
  name: "machine",
  look: async (patient) => [...(await disk(patient)), ...(await git(patient))],
};

async function disk({ orchard }: Patient): Promise<readonly Finding[]> {
  const limit = await freeDiskLimit(orchard);
  const free = await freeDisk(orchard.place.mainRoot);
  if (limit === undefined || free >= limit) return [];
  const mebibytes = (bytes: number) => `${Math.floor(bytes / (1 << 20))} MB`;
  return [
    {
      code: "disk-nearly-full",
      severity: "warning",
      sentence: `Only ${mebibytes(free)} are free on the disk; below ${mebibytes(limit)} no lane starts.`,
      todo: "See what Orchard holds: orch gc --explain. The limit is limits.freeDisk in orch.config.jsonc",
    },
  ];
}

async function freeDiskLimit(orchard: Patient["orchard"]): Promise<number | undefined> {
  try {
    return (await orchard.config()).config.limits.freeDisk;
  } catch (error) {
    if (isConfigUnreadable(error)) return undefined;
    throw error;
  }
}

/**
 * The first version of each line without CVE-2025-48384, -48385 and -48386 (writing outside of a clone, by a submodule's path
 * or a bundle). A distribution may have mended an older one: so it is no warning.
 */
const MENDED: readonly (readonly [number, number, number])[] = [
  [2, 43, 7],
  [2, 44, 4],
  [2, 45, 4],
  [2, 46, 4],
  [2, 47, 3],
  [2, 48, 2],
  [2, 49, 1],
  [2, 50, 1],
];

async function git({ repository }: Patient): Promise<readonly Finding[]> {
  const version = await gitVersion(repository);
  if (!isHoley(version)) return [];
  return [
    {
      code: "git-version",
      severity: "info",
      sentence: `git ${version} has known holes (CVE-2025-48384 and others) unless your distribution mended them.`,
      todo: "Update git when you can; Orchard itself never clones or updates submodules.",
    },
  ];
}

/** Exported for its table. */
export function isHoley(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const line = MENDED.find(([first, second]) => first === major && second === minor);
  if (line !== undefined) return patch < line[2];
  return major < 2 || (major === 2 && minor < 51);
}
