import { createHash } from "node:crypto";
import { basename } from "node:path";
import type { Config } from "../config/config.ts";
import type { Place } from "../orchard/place.ts";
import { gitCeiling } from "./git-ceiling.ts";

export interface Surroundings {
  /** The worktree that the command or agent works in. */
  readonly folder: string;
  readonly ports: Readonly<Record<string, number>>;
  /** Lane id, where it is a lane's. */
  readonly lane?: string | undefined;
  /** The caller's variables. */
  readonly environment: NodeJS.ProcessEnv;
}

/**
 * The variables that the configuration gives to agents and commands in a worktree: `env` with `${…}` of what is
 * allocated filled in, its ports and names, and where it is; and the ceiling above which git looks for no repository. Only
 * what is named here is filled in; any other `${…}` stays as it is written.
 */
export function variablesOf(
  config: Config,
  place: Place,
  { folder, ports, lane, environment }: Surroundings,
): Record<string, string> {
  const name = environmentName(place, folder);
  const allocated: Record<string, string> = {
    ...Object.fromEntries(config.names.map((variable) => [variable, name])),
    ...Object.fromEntries(Object.entries(ports).map(([variable, port]) => [variable, String(port)])),
    ORCH_NAME: name,
    ORCH_REPO: place.mainRoot,
    ORCH_WORKTREE: folder,
    ...(lane === undefined ? {} : { ORCH_LANE: lane }),
  };
  const filled: Record<string, string> = Object.fromEntries(
    Object.entries(config.env).map(([variable, value]) => [
      variable,
      value.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (whole, wanted: string) =>
        Object.hasOwn(allocated, wanted) ? (allocated[wanted] ?? whole) : whole,
      ),
    ]),
  );
  return { ...filled, ...allocated, ...gitCeiling(folder, [environment, filled]) };
}

const LONGEST_NAME = 48;

/**
 * A name that no other worktree of the user has, for databases, containers and the like: lower-case letters, digits and
 * underscores, a letter first, at most 48. The same for the same worktree.
 */
export function environmentName({ mainRoot, stateDir }: Place, folder: string): string {
  const mark = createHash("sha256").update(`${stateDir}\0${folder}`).digest("hex").slice(0, 8);
  const words = `${basename(mainRoot)}_${basename(folder).replace(/^agent-/, "")}`;
  const plain = words
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+/, "");
  const begun = /^[a-z]/.test(plain) ? plain : `w_${plain}`;
  return `${begun.slice(0, LONGEST_NAME - mark.length - 1).replace(/_+$/, "")}_${mark}`;
}
