import type { Config } from "../config/config.ts";

/**
 * Names of the agents that a lane can have here: those that are installed and those that the configuration gives a command,
 * each once. Where it is one alone, lanes that name none get it.
 */
export function agentsAtHand(
  { agents }: Pick<Config, "agents">,
  installed: readonly { readonly name: string }[],
): readonly string[] {
  const own = Object.entries(agents).filter(([, { command }]) => command !== undefined);
  return [...new Set([...installed.map(({ name }) => name), ...own.map(([name]) => name)])];
}
