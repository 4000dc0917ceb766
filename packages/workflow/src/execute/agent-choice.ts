import { type AgentAdapter, adapters, findInstalled } from "@orchard/agent-runner";
import type { LaneId, OrchardError } from "@orchard/kernel";
import { type Command, isWaiting, type Lane, lanesInOrder } from "@orchard/tracker-core";
import type { Config, Permissions } from "../config/config.ts";
import { noAgent, unknownAgent } from "../errors.ts";
import type { Orchard } from "../orchard/open-orchard.ts";

export interface AgentChoice {
  readonly name: string;
  readonly adapter: AgentAdapter;
  readonly request: { readonly permissions: Permissions; readonly executable?: Command };
}

/**
 * Which agent works in the lane: the lane's own command, the lane's agent, else `--agent`, else the
 * configuration's, else the only one installed. Throws `NO_AGENT` or `UNKNOWN_AGENT`; never a faked one.
 */
export async function chooseAgent(orchard: Orchard, lane: Lane, wanted: string | undefined): Promise<AgentChoice> {
  const { config } = await orchard.config();
  const choice = choose(lane, wanted, config, findInstalled(orchard.ports.environment["PATH"]));
  if (choice instanceof Error) throw choice;
  return choice;
}

/**
 * Throws before anything is recorded when lanes could run and none of them has an agent. One among others that has
 * none fails by itself and keeps nobody waiting. `only`: no other lane is looked at.
 */
export async function requireAgents(
  orchard: Orchard,
  options: { readonly agent?: string | undefined; readonly only?: LaneId | undefined },
): Promise<void> {
  const { config } = await orchard.config();
  const installed = findInstalled(orchard.ports.environment["PATH"]);
  const choices = lanesInOrder(await orchard.tracker())
    .filter(isWaiting)
    .filter(({ id }) => options.only === undefined || id === options.only)
    .map((lane) => choose(lane, options.agent, config, installed));
  const [refusal] = choices.filter((choice) => choice instanceof Error);
  if (refusal !== undefined && choices.every((choice) => choice instanceof Error)) throw refusal;
}

function choose(
  lane: Lane,
  wanted: string | undefined,
  config: Config,
  installed: readonly { readonly name: string; readonly path: string }[],
): AgentChoice | OrchardError {
  if (lane.definition.command !== undefined) return ofCommand("command", lane.definition.command, config.permissions);
  const only = installed.length === 1 ? installed[0]?.name : undefined;
  const name = lane.definition.agent ?? wanted ?? config.agent ?? only;
  if (name === undefined)
    return noAgent(
      lane.id,
      installed.map((agent) => agent.name),
    );
  const setting = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
  const permissions = setting?.permissions ?? config.permissions;
  if (setting?.command !== undefined) return ofCommand(name, setting.command, permissions);
  const adapter = adapters.get(name);
  const path = installed.find((agent) => agent.name === name)?.path;
  if (adapter === undefined || path === undefined) {
    return unknownAgent(name, [...new Set([...Object.keys(config.agents), ...installed.map((agent) => agent.name)])]);
  }
  return { name, adapter, request: { permissions, executable: [path] } };
}

function ofCommand(name: string, command: Command, permissions: Permissions): AgentChoice {
  const adapter = adapters.get("command");
  if (adapter === undefined) throw unknownAgent("command", []);
  return { name, adapter, request: { permissions, executable: command } };
}
