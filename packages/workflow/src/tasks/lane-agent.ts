import type { LaneId } from "@orchard/kernel";
import { isAgentName } from "./define-tasks.ts";

/** How the attempts of a lane's own command are recorded: it has no name, only its adapter has. */
export const NAMELESS = "command";

/**
 * As whom whoever works in a lane claims tasks: by the agent's name, which task files wish for; a command that has none,
 * as its lane. So lanes that run commands are told apart wherever agents are named.
 */
export function laneAgent(lane: LaneId, name: string | undefined): string {
  if (name !== undefined && name !== NAMELESS && isAgentName(name)) return name;
  return isAgentName(lane) ? lane : `agent-${lane}`;
}
