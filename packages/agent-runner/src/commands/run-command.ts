import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { endTree, identityOfChild, type ProcessIdentity } from "@orchard/host";
import { findProgram } from "../adapters/find-installed.ts";
import { ATTEMPT_MARK } from "../attempt/attempt-files.ts";
import type { Command } from "../attempt/attempt-plan.ts";
import { createRedactor, secretsOf } from "../events/redactor.ts";
import { CommandOutput } from "./command-output.ts";
import { limitCommand, type ProcessLimits } from "./process-limits.ts";

/** What {@link runCommand} is to run, where, for how long, and where its output goes. */
export interface RunCommandOptions {
  /** Program and arguments, or a line for `sh -c`. */
  readonly command: Command;
  readonly cwd: string;
  /** The whole environment; only the mark is added. */
  readonly env: Readonly<Record<string, string>>;
  /** The whole tree is ended after so long. */
  readonly timeoutMs: number;
  /** Gets the output, stdout and stderr as they came, redacted and printable (0600); an earlier file is replaced. */
  readonly outputFile: string;
  /** Value of `ORCH_ATTEMPT` in the tree, by which processes that left it are found. */
  readonly mark: string;
  readonly signal?: AbortSignal;
  /** What the command and all that it starts may take of the machine, as far as the system keeps it. */
  readonly limits?: ProcessLimits | undefined;
  /** How much of the output the file keeps: 16 MiB. */
  readonly outputBytes?: number;
  /** How long the tree may take over SIGTERM: 5,000 ms. */
  readonly graceMs?: number;
}

/** How a command ended and what it printed; also for one that never ran. */
export interface CommandResult {
  /** Exit code; null when it was ended by a signal or never ran. */
  readonly code: number | null;
  readonly signal: string | null;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** Why it never ran, one sentence. */
  readonly spawnError?: string;
  /** All that it printed, also what the file does not keep. */
  readonly bytes: number;
  /** sha256 (hex) of all that it printed. */
  readonly digest: string;
  /** The last 4 KiB, redacted and printable. */
  readonly tail: string;
  readonly elapsedMs: number;
}

/**
 * Runs a verify or set-up command to its end, with nothing on stdin. Every outcome is a value. When it returns
 * nothing of its tree runs any more, also nothing that it left in the background.
 */
export async function runCommand(options: RunCommandOptions): Promise<CommandResult> {
  const { command, cwd, env, mark, graceMs = 5000 } = options;
  const wanted = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  const [program = "", ...args] = limited(wanted, options);
  const redact = createRedactor(secretsOf(env));
  const output = new CommandOutput(options.outputFile, options.outputBytes ?? 16 << 20, redact);
  const started = performance.now();
  const stops = stopSignals(options);
  try {
    const child = spawn(program, args, {
      cwd,
      env: { ...env, [ATTEMPT_MARK]: mark },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const root = identityOfChild(child.pid);
    child.stdout.on("data", (chunk: Buffer) => output.add(chunk));
    child.stderr.on("data", (chunk: Buffer) => output.add(chunk));
    const closed = new Promise<void>((resolve) => child.once("close", () => resolve()));
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    await once(child, "spawn");
    await Promise.race([exited, stops.stopped]);
    await endTree(root, treeOptions(root, stops.reason === undefined ? 0 : graceMs, mark));
    await Promise.race([closed, pause(LAST_OUTPUT_MS, undefined, { ref: false })]);
    child.stdout.destroy();
    child.stderr.destroy();
    return { code: child.exitCode, signal: child.signalCode, ...stops.outcome(), ...output.end(), ...elapsed(started) };
  } catch (error) {
    const spawnError = `${program} could not be started: ${error instanceof Error ? error.message : String(error)}.`;
    return { code: null, signal: null, ...stops.outcome(), spawnError, ...output.end(), ...elapsed(started) };
  } finally {
    stops.clear();
  }
}

/** One that is not there is started as it is, so that its own name is in the error. */
function limited(command: readonly string[], { env, cwd, limits }: RunCommandOptions): readonly string[] {
  if (limits === undefined || findProgram(command[0] ?? "", env["PATH"], cwd) === undefined) return command;
  return limitCommand(command, limits, { env }).command;
}

/** Who got away (out of reach of mark and tree) and still holds the output does not hold us. */
const LAST_OUTPUT_MS = 1000;

function treeOptions(root: ProcessIdentity, graceMs: number, mark: string) {
  return { graceMs, mark: { variable: ATTEMPT_MARK, value: mark }, also: [root] };
}

function elapsed(started: number): { readonly elapsedMs: number } {
  return { elapsedMs: Math.round(performance.now() - started) };
}

function stopSignals({ timeoutMs, signal }: RunCommandOptions) {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const state: { reason: "time" | "abort" | undefined } = { reason: undefined };
  const stop = (reason: "time" | "abort"): void => {
    state.reason ??= reason;
    resolve();
  };
  const timer = setTimeout(() => stop("time"), timeoutMs);
  const abort = (): void => stop("abort");
  if (signal?.aborted) abort();
  signal?.addEventListener("abort", abort, { once: true });
  return {
    stopped,
    get reason() {
      return state.reason;
    },
    outcome: () => ({ timedOut: state.reason === "time", aborted: state.reason === "abort" }),
    clear: () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    },
  };
}
