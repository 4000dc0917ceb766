import type { Command } from "@orchard/tracker-core";
import type { ProbeSetting } from "../probes/probe-setting.ts";
import type { ConfigFile } from "./config-schema.ts";

/** What an agent may do. `graded`: what a lane needs; `bypass`: everything, without asking. */
export type Permissions = "graded" | "bypass";

/** What the configuration says of one agent; `command` makes it an agent of one's own, also in place of a known one. */
export interface AgentSetting {
  readonly command?: Command | undefined;
  readonly permissions?: Permissions | undefined;
}

/** Settings in force: what the person accepted and wrote, with defaults filled in. Times in ms, sizes in bytes. */
export interface Config {
  readonly base?: string | undefined;
  readonly agent?: string | undefined;
  readonly agents: Readonly<Record<string, AgentSetting>>;
  readonly permissions: Permissions;
  readonly maxParallel: number;
  readonly attempts: number;
  readonly verify: readonly Command[];
  /** The command that makes a file anew, by the file's path. */
  readonly regenerate: Readonly<Record<string, Command>>;
  /** Probes beside the built-in ones, or in their place; `false` switches one off. */
  readonly probes: Readonly<Record<string, ProbeSetting | false>>;
  /** Makes a new worktree ready for work; run once in each. */
  readonly setup?: Command | undefined;
  /** Paths on which set-up depends; absent: on everything. */
  readonly setupInputs?: readonly string[] | undefined;
  /** Variables that get a port of the lane's own. */
  readonly ports: readonly string[];
  /** Variables that get the lane's own name. */
  readonly names: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** How many worktrees of lanes that have landed are kept for the next ones. */
  readonly pool: number;
  /** Folders that lanes' worktrees hold; absent: all. */
  readonly sparse?: readonly string[] | undefined;
  readonly limits: {
    readonly idle: number;
    readonly total: number;
    readonly verify: number;
    readonly setup: number;
    /** 0-19: how far agents and commands step back for others. */
    readonly nice: number;
    /** Processors that one agent or command may use, 1.5 say; absent: all. */
    readonly cpu?: number | undefined;
    readonly memory?: number | undefined;
    readonly output: number;
    readonly freeDisk: number;
    readonly freeMemory: number;
  };
  readonly squash: boolean;
  /** How long a claim holds without a sign of life. */
  readonly lease: number;
  /** How long a task may be worked on without a sign of life before people are told. */
  readonly stuckAfter: number;
  readonly layers: "soft" | "hard";
  readonly completeOn: "work" | "merge";
  /** Whether order, phases and stories count as dependencies; absent: as the kind of the file says. */
  readonly inferDependencies?: boolean | undefined;
  /** Prints the states of pull requests as JSON; absent: `gh` is asked. */
  readonly prStates?: Command | undefined;
}

const MINUTE = 60_000;
const MEBIBYTE = 1 << 20;

/** Trusted settings from `accepted`, the others from `current`. */
export function configInForce(accepted: ConfigFile, current: ConfigFile): Config {
  const limits = current.limits ?? {};
  return {
    base: current.base,
    agent: accepted.agent,
    agents: accepted.agents ?? {},
    permissions: accepted.permissions ?? "graded",
    maxParallel: current.maxParallel ?? 4,
    attempts: current.attempts ?? 2,
    verify: accepted.verify ?? [],
    regenerate: accepted.regenerate ?? {},
    probes: accepted.probes ?? {},
    setup: accepted.setup,
    setupInputs: accepted.setupInputs,
    ports: accepted.ports ?? [],
    names: accepted.names ?? [],
    env: accepted.env ?? {},
    pool: current.pool ?? 0,
    sparse: current.sparse,
    limits: {
      idle: limits.idle ?? 15 * MINUTE,
      total: limits.total ?? 240 * MINUTE,
      verify: limits.verify ?? 10 * MINUTE,
      setup: limits.setup ?? 10 * MINUTE,
      nice: limits.nice ?? 0,
      cpu: limits.cpu,
      memory: limits.memory,
      output: limits.output ?? 1024 * MEBIBYTE,
      freeDisk: limits.freeDisk ?? 1024 * MEBIBYTE,
      freeMemory: limits.freeMemory ?? 512 * MEBIBYTE,
    },
    squash: current.squash ?? false,
    lease: current.lease ?? 30 * MINUTE,
    stuckAfter: current.stuckAfter ?? 120 * MINUTE,
    layers: current.layers ?? "soft",
    completeOn: current.completeOn ?? "work",
    inferDependencies: current.inferDependencies,
    prStates: accepted.prStates,
  };
}
