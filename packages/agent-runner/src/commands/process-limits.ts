import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { findProgram } from "../adapters/find-installed.ts";

/** What one agent or command and everything that it starts may take of the machine. */
export interface ProcessLimits {
  /** 0-19: how far it steps back for others. */
  readonly nice?: number | undefined;
  /** Processors, 1.5 say. */
  readonly cpus?: number | undefined;
  readonly memoryBytes?: number | undefined;
}

/** What keeps limits on this machine. */
export interface LimitsOffered {
  readonly scope: { readonly cpu: boolean; readonly memory: boolean };
  /** Path of `prlimit`; it limits each process alone. */
  readonly prlimit: string | undefined;
}

/** A command with what keeps its limits put in front of it, ready to be started. */
export interface LimitedCommand {
  readonly command: readonly string[];
  /** Of the limits asked for: which this machine cannot keep, and how one is kept otherwise. */
  readonly remarks: readonly string[];
}

/**
 * `command` with what makes the system keep the limits in front of it; each part becomes the next by exec, so the
 * process stays the same one. CPU and memory of the whole tree are kept by a systemd scope where the user has a manager
 * of his own with these controllers. Elsewhere memory is kept for each process alone (its data, by `prlimit`, Linux), and
 * CPU not at all.
 */
export function limitCommand(
  command: readonly string[],
  limits: ProcessLimits,
  machine: { readonly env: Readonly<NodeJS.ProcessEnv>; readonly offered?: LimitsOffered },
): LimitedCommand {
  const { nice = 0, cpus, memoryBytes } = limits;
  const isAsked = cpus !== undefined || memoryBytes !== undefined;
  const offered = isAsked ? (machine.offered ?? limitsOffered(machine.env)) : NOTHING;
  const properties = [
    ...(cpus !== undefined && offered.scope.cpu ? [`CPUQuota=${Math.round(cpus * 100)}%`] : []),
    ...(memoryBytes !== undefined && offered.scope.memory ? [`MemoryMax=${memoryBytes}`, "MemorySwapMax=0"] : []),
  ];
  const alone = memoryBytes !== undefined && !offered.scope.memory ? eachAlone(memoryBytes, offered) : NOT_ASKED;
  return {
    command: [
      ...(nice > 0 ? ["nice", "-n", String(nice)] : []),
      ...(properties.length === 0 ? [] : [...SCOPE, ...properties.flatMap((property) => ["-p", property]), "--"]),
      ...alone.command,
      ...command,
    ],
    remarks: [...(cpus !== undefined && !offered.scope.cpu ? [NO_CPU] : []), ...alone.remarks],
  };
}

const NOTHING: LimitsOffered = { scope: { cpu: false, memory: false }, prlimit: undefined };
const NOT_ASKED: LimitedCommand = { command: [], remarks: [] };

function eachAlone(bytes: number, { prlimit }: LimitsOffered): LimitedCommand {
  if (prlimit === undefined) return { command: [], remarks: [NO_MEMORY] };
  if (bytes < HONEST_FROM) return { command: [], remarks: [TOO_LITTLE] };
  return { command: [prlimit, `--data=${bytes}`], remarks: [EACH_ALONE] };
}

const SCOPE = ["systemd-run", "--user", "--scope", "--quiet", "--collect"];
const NO_CPU = '"cpu" is not kept on this machine: it needs a systemd user manager with the cpu controller';
const NO_MEMORY = '"memory" is not kept on this machine: it needs a systemd user manager, or prlimit';
const EACH_ALONE =
  '"memory" is kept for each process alone, counting what it reserves (Node 0.6 GB by itself): for all that an agent starts it needs a systemd user manager';
const TOO_LITTLE =
  '"memory" below 1 GB is not kept on this machine: for each process alone it would keep Node from starting';

/** By `prlimit`, which counts what is reserved: Node 26 reserves 570 MB before it does anything. */
const HONEST_FROM = 1 << 30;

/** What this machine offers to whoever has that environment. */
export function limitsOffered(env: Readonly<NodeJS.ProcessEnv>): LimitsOffered {
  if (process.platform !== "linux") return NOTHING;
  const controllers = managed(env) ? userControllers() : [];
  return {
    scope: { cpu: controllers.includes("cpu"), memory: controllers.includes("memory") },
    prlimit: findProgram("prlimit", env["PATH"], "/"),
  };
}

/** Whether systemd runs for this user and can be asked; not where its folder is another user's. */
function managed({ PATH, XDG_RUNTIME_DIR: runtime }: Readonly<NodeJS.ProcessEnv>): boolean {
  if (runtime === undefined || findProgram("systemd-run", PATH, "/") === undefined) return false;
  try {
    return statSync(join(runtime, "systemd", "private")).isSocket();
  } catch {
    return false;
  }
}

function userControllers(): readonly string[] {
  const user = process.getuid?.();
  try {
    const path = `/sys/fs/cgroup/user.slice/user-${user}.slice/user@${user}.service/cgroup.controllers`;
    return readFileSync(path, "utf8").trim().split(" ");
  } catch {
    return [];
  }
}
