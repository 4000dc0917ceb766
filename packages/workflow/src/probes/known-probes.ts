import type { Orchard } from "../orchard/open-orchard.ts";
import type { ProbeSetting } from "./probe-setting.ts";

/** The probes that are part of Orchard, in the order in which they are listed. */
export const BUILT_IN_PROBES = ["project", "todo", "untested", "open-tasks", "docs"] as const;

export type BuiltInProbe = (typeof BUILT_IN_PROBES)[number];

export function isBuiltInProbe(name: string): name is BuiltInProbe {
  return (BUILT_IN_PROBES as readonly string[]).includes(name);
}

/**
 * Every probe of the repository with how it runs: the built-in ones, then those of the accepted configuration, by name. A
 * setting under a built-in name takes its place; `off` switches one off.
 */
export async function knownProbes(orchard: Orchard): Promise<ReadonlyMap<string, ProbeSetting | "built-in" | "off">> {
  const { config } = await orchard.config();
  const own = Object.entries(config.probes).sort(([a], [b]) => (a < b ? -1 : 1));
  const settings = own.map(([name, setting]) => [name, setting === false ? "off" : setting] as const);
  return new Map([...BUILT_IN_PROBES.map((name) => [name, "built-in"] as const), ...settings]);
}
