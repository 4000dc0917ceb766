import { type AgentAdapter, adapters, findInstalled } from "@orchard/agent-runner";
import type { OrchardError } from "@orchard/kernel";
import { type Command, isActive, isWaiting, type Lane, lanesInOrder } from "@orchard/tracker-core";
import { agentsAtHand } from "../agents/agents-at-hand.ts";
import type { Config, Permissions } from "../config/config.ts";
import { noAgent, unknownAgent } from "../errors.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { unknownProbe } from "../probes/errors.ts";
import { probeChoice } from "../probes/probe-choice.ts";
import { NAMELESS } from "../tasks/lane-agent.ts";
import { isWanted, type Only } from "./only.ts";

/** The agent that works in a lane: what starts it, and with which permissions. */
export interface AgentChoice {
  readonly name: string;
  readonly adapter: AgentAdapter;
  readonly request: { readonly permissions: Permissions; readonly executable?: Command };
  /** Of an agent that probes: what it shall look for. */
  readonly look?: string;
}

/** What of a lane says who works in it. */
type Choosing = Pick<Lane, "id" | "definition">;

/**
 * Which agent works in the lane: the lane's own command, the lane's agent, else `--agent`, else the
 * configuration's, else the only one installed or configured. Throws `NO_AGENT` or `UNKNOWN_AGENT`; never a faked one.
 */
export async function chooseAgent(orchard: Orchard, lane: Choosing, wanted: string | undefined): Promise<AgentChoice> {
  const { config } = await orchard.config();
  const choice = choose(lane, wanted, config, offeredBy(orchard));
  if (choice instanceof Error) throw choice;
  return choice;
}

/** Why no agent works in the lane, without `--agent`; `undefined`: one does. Made without asking any program. */
export async function agentRefusal(orchard: Orchard, lane: Choosing): Promise<OrchardError | undefined> {
  const { config } = await orchard.config();
  const choice = choose(lane, undefined, config, offeredBy(orchard));
  return choice instanceof Error ? choice : undefined;
}

/** Whether an agent of that name could be had here if it were installed: we can start it, or the configuration says how. */
export async function isAgentKnown(orchard: Orchard, name: string): Promise<boolean> {
  const { config } = await orchard.config();
  return (name !== COMMAND && adapters.has(name)) || Object.hasOwn(config.agents, name);
}

/**
 * Throws before anything is recorded when lanes could run and none of them has an agent. One among others that has
 * none fails by itself and keeps nobody waiting, nor those that an earlier driver left at work. `only`: no other lane is
 * looked at.
 */
export async function requireAgents(
  orchard: Orchard,
  options: { readonly agent?: string | undefined; readonly only?: Only | undefined },
): Promise<void> {
  const { config } = await orchard.config();
  const offered = offeredBy(orchard);
  const lanes = lanesInOrder(await orchard.tracker()).filter(({ id }) => isWanted(options.only, id));
  if (lanes.some(isActive)) return;
  const choices = lanes.filter(isWaiting).map((lane) => choose(lane, options.agent, config, offered));
  const [refusal] = choices.filter((choice) => choice instanceof Error);
  if (refusal !== undefined && choices.every((choice) => choice instanceof Error)) throw refusal;
}

/** What the surroundings offer: agents, and the command of the built-in probes. */
interface Offered {
  /** Looked for once, when a lane asks for one by name. */
  readonly agents: () => readonly { readonly name: string; readonly path: string }[];
  readonly probes: Command | undefined;
}

function offeredBy({ ports }: Orchard): Offered {
  let found: ReturnType<typeof findInstalled> | undefined;
  const agents = () => {
    found ??= findInstalled(ports.environment["PATH"]);
    return found;
  };
  return { agents, probes: ports.probeCommand };
}

function choose(
  lane: Choosing,
  wanted: string | undefined,
  config: Config,
  offered: Offered,
): AgentChoice | OrchardError {
  const { probe, command } = lane.definition;
  if (probe !== undefined) return chooseForProbe(lane, probe, { wanted, config, offered });
  if (command !== undefined) return ofCommand(NAMELESS, command, config.permissions);
  return chooseByName(lane, wanted, config, offered);
}

function chooseForProbe(
  lane: Choosing,
  probe: string,
  given: { readonly wanted: string | undefined; readonly config: Config; readonly offered: Offered },
): AgentChoice | OrchardError {
  const { wanted, config, offered } = given;
  const choice = probeChoice(probe, config.probes, offered.probes);
  if (choice === undefined) return unknownProbe(probe, Object.keys(config.probes));
  if (choice.kind === "command") return ofCommand(choice.name, choice.command, config.permissions);
  const found = chooseByName(lane, choice.agent ?? wanted, config, offered);
  return found instanceof Error ? found : { ...found, look: choice.prompt };
}

function chooseByName(
  lane: Choosing,
  wanted: string | undefined,
  config: Config,
  { agents }: Offered,
): AgentChoice | OrchardError {
  const installed = agents();
  const atHand = agentsAtHand(config, installed);
  const only = atHand.length === 1 ? atHand[0] : undefined;
  const name = lane.definition.agent ?? wanted ?? config.agent ?? only;
  if (name === undefined) return noAgent(lane.id, atHand);
  const setting = Object.hasOwn(config.agents, name) ? config.agents[name] : undefined;
  const permissions = setting?.permissions ?? config.permissions;
  if (setting?.command !== undefined) return ofCommand(name, setting.command, permissions);
  const adapter = adapters.get(name);
  const path = installed.find((agent) => agent.name === name)?.path;
  if (adapter === undefined || path === undefined) {
    return unknownAgent(lane.id, name, [
      ...new Set([...Object.keys(config.agents), ...installed.map((agent) => agent.name)]),
    ]);
  }
  return { name, adapter, request: { permissions, executable: [path] } };
}

/** The adapter of every command that somebody wrote; no agent by itself. */
const COMMAND = "command";

function ofCommand(name: string, command: Command, permissions: Permissions): AgentChoice {
  const adapter = adapters.get(COMMAND);
  if (adapter === undefined) throw new Error("There is no adapter for commands.");
  return { name, adapter, request: { permissions, executable: command } };
}
