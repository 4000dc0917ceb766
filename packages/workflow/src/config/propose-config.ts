import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { findInstalled } from "@orchard/agent-runner";
import { createDurable, nodeFiles } from "@orchard/host";
import { pathExists } from "../orchard/path-exists.ts";
import type { Place } from "../orchard/place.ts";
import { branchIn } from "../tasks/open-desk.ts";
import { CONFIG_FILE } from "./accepted-config.ts";
import { type ProjectKind, projectKind } from "./project-kind.ts";

/** A configuration that `orch init` proposes; nothing of it counts before a person took it over. */
export interface ProposedConfig {
  /** The whole text of `orch.config.jsonc`. */
  readonly text: string;
}

/** What the proposal is made from besides the files of the repository. */
export interface Found {
  /** Short name of the branch that lanes would land on; absent: the one that the main checkout is on. */
  readonly base?: string | undefined;
  /** Value of `PATH`, in which agents are looked for. */
  readonly path?: string | undefined;
}

/**
 * A configuration with what the repository seems to need: base, agent, set-up and verify command. Nothing when one is
 * there already, or when the files tell neither how the work is checked nor how a checkout is made ready.
 */
export async function proposeConfig(place: Place, found: Found = {}): Promise<ProposedConfig | undefined> {
  if (await pathExists(join(place.mainRoot, CONFIG_FILE))) return undefined;
  const kind = await projectKind(place.mainRoot);
  if (kind.setup === undefined && kind.verify === undefined) return undefined;
  const agents = findInstalled(found.path).map(({ name }) => name);
  const base = found.base ?? branchIn(place.repository.commonDir)?.slice("refs/heads/".length);
  const settings = [...baseLines(base), ...agentLines(agents), ...commandLines(kind)];
  return { text: `{\n${settings.map((lines) => lines.join("\n")).join(",\n")}\n}\n` };
}

/**
 * Writes the proposal into the checkout, for the user to commit. Returns the file's name; `undefined` when one was made
 * there meanwhile, which stays as it is.
 */
export async function writeConfig(place: Place, { text }: ProposedConfig): Promise<string | undefined> {
  const path = join(place.mainRoot, CONFIG_FILE);
  if (!(await createDurable(nodeFiles, path, text))) return undefined;
  await chmod(path, 0o644);
  return CONFIG_FILE;
}

/** A setting with the lines that explain it. */
type Setting = readonly string[];

function baseLines(base: string | undefined): readonly Setting[] {
  return base === undefined ? [] : [["  // The branch that lanes land on.", `  "base": ${JSON.stringify(base)}`]];
}

function agentLines(agents: readonly string[]): readonly Setting[] {
  const [only, ...others] = agents;
  if (only === undefined) return [];
  const also = others.length === 0 ? "the only one installed here" : `installed here as well: ${others.join(", ")}`;
  return [[`  // Who works in a lane that names nobody (${also}).`, `  "agent": ${JSON.stringify(only)}`]];
}

function commandLines({ setup, verify }: ProjectKind): readonly Setting[] {
  return [
    ...(setup === undefined
      ? []
      : [["  // Run once in every new worktree, before its agent starts.", `  "setup": ${JSON.stringify(setup)}`]]),
    ...(verify === undefined
      ? []
      : [
          [
            "  // Commands that must exit 0 on a lane's committed tree, and again on the combined tree before it lands.",
            `  "verify": [${JSON.stringify(verify)}]`,
          ],
        ]),
  ];
}
