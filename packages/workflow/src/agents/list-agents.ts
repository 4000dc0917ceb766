import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type AgentAdapter, adapters, agentEnvironment, findInstalled, runCommand } from "@orchard/agent-runner";
import { isOrchardError } from "@orchard/kernel";
import { readConfig } from "../config/accepted-config.ts";
import type { Config, Permissions } from "../config/config.ts";
import type { Ports } from "../orchard/open-orchard.ts";
import { findPlace } from "../orchard/place.ts";
import { agentsAtHand } from "./agents-at-hand.ts";

/** One agent that could be chosen for a lane. */
export interface ListedAgent {
  readonly name: string;
  /** The program, or the command line of the configuration; absent when it is not installed. */
  readonly path: string | undefined;
  /** What it says of itself. */
  readonly version: string | undefined;
  readonly from: "installed" | "config" | "missing";
  readonly permissions: Permissions;
  /** In words. */
  readonly can: readonly string[];
}

/** The agents that Orchard knows and those that the configuration adds, also where they are not installed. */
export interface ListedAgents {
  readonly agents: readonly ListedAgent[];
  /** Which one a lane gets that names none, without `--agent`. */
  readonly chosen: string | undefined;
}

/**
 * The agents that we know how to start, those that the accepted configuration adds, and which of them are here. Asks each
 * program for its version and nothing else. Works outside of a repository too.
 */
export async function listAgents(cwd: string, ports: Ports): Promise<ListedAgents> {
  const config = await configAt(cwd);
  const installed = new Map(findInstalled(ports.environment["PATH"]).map(({ name, path }) => [name, path]));
  const known = [...adapters.values()].filter(({ name }) => name !== "command");
  const own = Object.entries(config?.agents ?? {}).filter(([, { command }]) => command !== undefined);
  const names = new Set(own.map(([name]) => name));
  const agents = await Promise.all([
    ...known
      .filter(({ name }) => !names.has(name))
      .map((adapter) => ofAdapter(adapter, installed.get(adapter.name), config, ports)),
    ...own.map(
      async ([name, { command = "", permissions }]): Promise<ListedAgent> => ({
        name,
        path: typeof command === "string" ? command : command.join(" "),
        version: undefined,
        from: "config",
        permissions: permissions ?? config?.permissions ?? "graded",
        can: adapters.get("command")?.can ?? [],
      }),
    ),
  ]);
  const [only, ...others] = agentsAtHand(
    { agents: config?.agents ?? {} },
    [...installed.keys()].map((name) => ({ name })),
  );
  return { agents, chosen: config?.agent ?? (others.length === 0 ? only : undefined) };
}

async function ofAdapter(
  adapter: AgentAdapter,
  path: string | undefined,
  config: Config | undefined,
  ports: Ports,
): Promise<ListedAgent> {
  const permissions = config?.agents[adapter.name]?.permissions ?? config?.permissions ?? "graded";
  const from = path === undefined ? "missing" : "installed";
  const version = path === undefined ? undefined : await versionOf(adapter, path, ports);
  return { name: adapter.name, path, version, from, permissions, can: adapter.can };
}

/** Run where no project's settings lie. A program that does not answer soon has no version. */
async function versionOf(adapter: AgentAdapter, path: string, ports: Ports): Promise<string | undefined> {
  const folder = await mkdtemp(join(tmpdir(), "orch-agents-"));
  try {
    const { code, tail } = await runCommand({
      command: [path, "--version"],
      cwd: folder,
      env: agentEnvironment(ports.environment, {}, adapter.name),
      timeoutMs: 5_000,
      outputFile: join(folder, "said"),
      mark: `version-${ports.token()}`,
    });
    return code === 0 ? /\d+\.\d+[\w.+-]*/.exec(tail)?.[0] : undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function configAt(cwd: string): Promise<Config | undefined> {
  try {
    return (await readConfig(findPlace(cwd))).config;
  } catch (error) {
    if (isOrchardError(error)) return undefined;
    throw error;
  }
}
