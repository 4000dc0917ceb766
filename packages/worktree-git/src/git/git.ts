import { type ChildProcess, spawn } from "node:child_process";
import { isSystemError } from "@orchard/kernel";
import { gitFailed, gitMissing, gitOutputTooLarge, gitTimedOut } from "../errors.ts";
import { type CommandLine, gitArguments } from "./arguments.ts";
import { type GitSetting, gitEnvironment } from "./environment.ts";
import { SUBCOMMANDS } from "./subcommands.ts";

export interface GitCall extends CommandLine {
  readonly cwd: string;
  readonly stdin?: Uint8Array | string;
  /** Settings above the pinned ones. */
  readonly settings?: readonly GitSetting[];
  /** `GIT_DIR`, `GIT_WORK_TREE`, `GIT_INDEX_FILE`, identities. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Exit codes that are answers; any other one is `GIT_FAILED`. Default: only 0. */
  readonly codes?: readonly number[];
  /** A writing call syncs what it wrote unless this is false. */
  readonly durable?: boolean;
  /** ms until TERM, 5 s before KILL, both to the whole group. Default 60 s. */
  readonly limitMs?: number;
}

export interface GitAnswer {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: string;
}

const LIMIT_MS = 60_000;
const GRACE_MS = 5_000;
const LARGEST_OUTPUT = 1 << 29;

/**
 * The one door to git. Bytes in, bytes out; clean environment; no terminal. The call runs in its own process
 * group, so a Ctrl+C of the caller does not cut it in half.
 * Throws `GIT_FAILED`, `GIT_TIMED_OUT`, `GIT_OUTPUT_TOO_LARGE`, `GIT_MISSING`.
 */
export function git(call: GitCall): Promise<GitAnswer> {
  const { writes } = SUBCOMMANDS[call.command];
  const child = spawn("git", gitArguments(call), {
    cwd: call.cwd,
    detached: true,
    stdio: [call.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    env: gitEnvironment(process.env, {
      writes,
      durable: call.durable ?? true,
      settings: call.settings,
      variables: call.variables,
    }),
  });
  child.stdin?.on("error", () => {}); // git may end before it has read everything; its exit code tells the rest
  child.stdin?.end(call.stdin);
  return gathered(call, child);
}

function gathered(call: GitCall, child: ChildProcess): Promise<GitAnswer> {
  const limitMs = call.limitMs ?? LIMIT_MS;
  return new Promise((resolve, reject) => {
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    let ended: "in time" | "overtime" | "too large" = "in time";
    let killTimer: NodeJS.Timeout | undefined;
    const end = (why: "overtime" | "too large") => {
      if (ended !== "in time") return;
      ended = why;
      signalGroup(child, "SIGTERM");
      killTimer = setTimeout(() => signalGroup(child, "SIGKILL"), GRACE_MS);
    };
    const timer = setTimeout(() => end("overtime"), limitMs);
    child.stdout?.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > LARGEST_OUTPUT) end("too large");
      else out.push(chunk);
    });
    child.stderr?.on("data", (chunk: Buffer) => {
      if (err.length < 1000) err.push(chunk);
    });
    child.once("error", (error) => {
      clearTimeout(timer);
      reject(isSystemError(error, "ENOENT") ? gitMissing(error) : error);
    });
    child.once("close", (code, signal) => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      const stderr = Buffer.concat(err).toString("utf8");
      if (ended === "overtime") reject(gitTimedOut(call.command, limitMs));
      else if (ended === "too large") reject(gitOutputTooLarge(call.command, LARGEST_OUTPUT));
      else if (code === null || !(call.codes ?? [0]).includes(code)) {
        reject(gitFailed(call.command, code ?? signal ?? "no code", stderr));
      } else resolve({ code, stdout: Buffer.concat(out), stderr });
    });
  });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (!isSystemError(error, "ESRCH")) throw error;
  }
}
