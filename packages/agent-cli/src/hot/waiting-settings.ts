import { join } from "node:path";
import type { WaitingRules } from "@orchard/tracker-core";
import type { Place } from "@orchard/workflow";
import { readText } from "./read-text.ts";

/** What `orch.config.jsonc` says about how tasks wait. */
export interface WaitingSettings extends Pick<WaitingRules, "layers" | "completeOn"> {
  readonly inferred: boolean | undefined;
}

/**
 * Read without the schema: only a file that is the very one that was accepted is read so, for that one was checked then.
 * `undefined`: it is another, or it cannot be read so lightly.
 */
export function waitingSettings({ mainRoot, stateDir }: Place): WaitingSettings | undefined {
  const text = readText(join(mainRoot, "orch.config.jsonc")) ?? "";
  if (text !== (readText(join(stateDir, "config", "accepted.jsonc")) ?? "")) return undefined;
  const { layers = "soft", completeOn = "work", inferDependencies } = text.trim() === "" ? {} : parsed(text);
  return { layers, completeOn, inferred: inferDependencies };
}

interface Settings extends Partial<Pick<WaitingRules, "layers" | "completeOn">> {
  readonly inferDependencies?: boolean;
}

/** Comments and commas before a closing bracket are left out; texts stay as they are. Throws a `SyntaxError`. */
function parsed(text: string): Settings {
  const withoutComments = text.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, quoted) => quoted ?? "");
  const json = withoutComments.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted) => quoted ?? "");
  return JSON.parse(json.replace(/^\ufeff/, "")) as Settings;
}
