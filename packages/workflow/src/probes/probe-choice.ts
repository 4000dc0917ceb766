import type { Command } from "@orchard/tracker-core";
import { isBuiltInProbe } from "./known-probes.ts";
import type { ProbeSetting } from "./probe-setting.ts";

/** How a probe runs: a command, or an agent with a prompt. `undefined`: there is no such probe, or it is switched off. */
export type ProbeChoice =
  | { readonly kind: "command"; readonly name: string; readonly command: Command }
  | { readonly kind: "agent"; readonly prompt: string; readonly agent: string | undefined };

/** Taken from the accepted settings alone: what a lane or a result says of commands and agents is never used. */
export function probeChoice(
  probe: string,
  settings: Readonly<Record<string, ProbeSetting | false>>,
  builtInCommand: Command | undefined,
): ProbeChoice | undefined {
  const setting = Object.hasOwn(settings, probe) ? settings[probe] : undefined;
  if (setting === false) return undefined;
  if (setting === undefined) {
    if (!isBuiltInProbe(probe) || builtInCommand === undefined) return undefined;
    return { kind: "command", name: "built-in", command: [...builtInCommand, probe] };
  }
  if (typeof setting === "string" || isList(setting)) return { kind: "command", name: "command", command: setting };
  return { kind: "agent", prompt: setting.prompt, agent: setting.agent };
}

function isList(setting: ProbeSetting): setting is Exclude<ProbeSetting, string | { prompt: string }> {
  return Array.isArray(setting);
}
