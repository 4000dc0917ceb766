import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { identityOfChild, type ProcessIdentity } from "@orchard/host";
import { findProgram } from "../adapters/find-installed.ts";
import { ATTEMPT_MARK, attemptFiles } from "../attempt/attempt-files.ts";
import type { AttemptPlan } from "../attempt/attempt-plan.ts";
import { closeGate, GATEKEEPER } from "../attempt/gate.ts";
import { limitCommand } from "../commands/process-limits.ts";

export interface AgentExit {
  readonly code: number | null;
  readonly signal: string | null;
}

export type Launch =
  | {
      readonly kind: "ready";
      readonly agent: ProcessIdentity;
      /** Lets it run. Without it, and when the supervisor dies, the process ends without having started anything. */
      go(): void;
      /** Ends it at its gate. */
      giveUp(): void;
      readonly ended: Promise<AgentExit>;
    }
  | { readonly kind: "failed"; readonly reason: string };

/**
 * Makes the agent's process, with a session of its own and its output straight to the attempt's files, but holds it
 * at a gate: it becomes the agent (same process, by exec) only on {@link Launch} `go`. So whatever moment the
 * supervisor dies at, an agent that runs is one that was written down before.
 */
export async function launch(plan: AttemptPlan): Promise<Launch> {
  const command = typeof plan.command === "string" ? ["/bin/sh", "-c", plan.command] : plan.command;
  const files = attemptFiles(plan.folder);
  const opened: number[] = [];
  const open = (path: string, flags: string): number => {
    const fd = openSync(path, flags, 0o600);
    opened.push(fd);
    return fd;
  };
  try {
    const problem = whyNot(plan, command[0]);
    if (problem !== undefined) return { kind: "failed", reason: problem };
    const limited = limitCommand(command, plan.share ?? {}, { env: plan.env }).command;
    closeGate(plan.folder);
    const input = open(plan.stdin === "prompt" ? plan.promptFile : "/dev/null", "r");
    const child = spawn("/bin/sh", ["-c", GATEKEEPER, "agent", files.gate, ...limited], {
      cwd: plan.cwd,
      env: { ...plan.env, [ATTEMPT_MARK]: plan.token },
      detached: true,
      stdio: [input, open(files.raw, "a"), open(files.rawErrors, "a"), "pipe"],
    });
    return await ready(child);
  } catch (error) {
    return { kind: "failed", reason: sentence(error, plan) };
  } finally {
    for (const fd of opened) closeSync(fd);
  }
}

async function ready(child: ChildProcess): Promise<Launch> {
  const ended = new Promise<AgentExit>((resolve) => {
    child.once("exit", (code, signal) => resolve({ code, signal }));
  });
  const agent = identityOfChild(child.pid);
  await once(child, "spawn");
  const gate = child.stdio[3];
  if (agent.startTime === "" || !gate || !("end" in gate)) {
    return { kind: "failed", reason: "The agent's process is gone." };
  }
  gate.on("error", () => undefined);
  return { kind: "ready", agent, ended, go: () => void gate.end("go\n"), giveUp: () => void gate.destroy() };
}

/** What exec would fail on, found before, since at the gate it could only be told by an exit code. */
function whyNot(plan: AttemptPlan, program: string | undefined): string | undefined {
  if (statSync(plan.cwd, { throwIfNoEntry: false })?.isDirectory() !== true) {
    return `ENOENT: the working folder ${plan.cwd} does not exist.`;
  }
  if (program === undefined || program === "") return "EINVAL: the command is empty.";
  if (findProgram(program, plan.env["PATH"], plan.cwd) !== undefined) return undefined;
  const exists = program.includes("/") && statSync(resolve(plan.cwd, program), { throwIfNoEntry: false }) !== undefined;
  if (exists) return `EACCES: ${program} is not a program that may be run.`;
  return program.includes("/")
    ? `ENOENT: there is no program ${program}.`
    : `ENOENT: there is no program "${program}" in PATH.`;
}

function sentence(error: unknown, plan: AttemptPlan): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known: Readonly<Record<string, string>> = {
    E2BIG: "E2BIG: the command and its environment are larger than the system takes; give the prompt by stdin or file.",
    EAGAIN: "EAGAIN: the system has no process left for this user.",
    ENOMEM: "ENOMEM: there is no memory left for another process.",
    EMFILE: "EMFILE: this process has no file descriptor left.",
    ENFILE: "ENFILE: the system has no file descriptor left.",
    ENOENT: `ENOENT: the prompt ${plan.promptFile} or /bin/sh does not exist.`,
    EACCES: `EACCES: the prompt ${plan.promptFile}, the attempt's or the working folder ${plan.cwd} may not be opened.`,
  };
  return known[code] ?? `The agent could not be started: ${error instanceof Error ? error.message : String(error)}.`;
}
