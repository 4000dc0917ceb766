import { createHash } from "node:crypto";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CommandResult, runCommand } from "@orchard/agent-runner";
import { bootId } from "@orchard/host";
import { canonicalJson } from "@orchard/kernel";
import type { Command } from "@orchard/tracker-core";
import { findRepository, makeWorktreeStateFolder } from "@orchard/worktree-git";
import type { Worker } from "../orchard/worker.ts";
import { endLeftovers, verifyMark } from "../verify/leftovers.ts";
import { commandEnvironment, processLimits } from "./command-environment.ts";

export interface SetUp {
  /** Lane id, or what the worktree is for: names the log. */
  readonly subject: string;
  readonly folder: string;
  readonly command: Command;
  /** Stands for what the command would do; done once with the same key, it is not done again. */
  readonly key: string;
}

export type SetUpOutcome =
  | { readonly kind: "done"; readonly elapsedMs: number }
  | { readonly kind: "done before" }
  | { readonly kind: "failed"; readonly result: CommandResult }
  | { readonly kind: "interrupted" };

/**
 * Runs the set-up command in a worktree, once for a key: its very shell leaves a mark in the worktree's git dir when it
 * has succeeded, so that a worker that is killed before it could say so, or while it ran, has it done once. What a
 * killed one left running is ended first. Its output is `setup.log` among the logs of the subject.
 */
export async function runSetUp(worker: Worker, { subject, folder, command, key }: SetUp): Promise<SetUpOutcome> {
  const { orchard } = worker;
  const { config } = await orchard.config();
  const mark = verifyMark(`setup-${subject}`, worker, folder);
  await endLeftovers(mark);
  const done = await markOf(folder, key);
  if (existsSync(done)) return { kind: "done before" };
  forgetOthers(dirname(done));
  const logs = join(orchard.place.orchestrationDir, "logs", subject);
  await mkdir(logs, { recursive: true });
  const shown = typeof command === "string" ? command : command.join(" ");
  orchard.ports.report({ type: "setting-up", subject, command: shown });
  const program = typeof command === "string" ? ["/bin/sh", "-c", command] : command;
  const result = await runCommand({
    command: ["/bin/sh", "-c", MARKING, "setup", done, ...program],
    cwd: folder,
    env: await commandEnvironment(worker, { folder, mark }),
    timeoutMs: config.limits.setup,
    outputFile: join(logs, "setup.log"),
    mark,
    signal: worker.interrupted,
    limits: processLimits(config),
  });
  const { code, timedOut, elapsedMs } = result;
  if (code === 0 && !timedOut && existsSync(done)) return { kind: "done", elapsedMs };
  return worker.interrupted.aborted ? { kind: "interrupted" } : { kind: "failed", result };
}

/** Runs the command behind the mark's path, and leaves the mark when it ended well. */
const MARKING = 'done=$1; shift; "$@" && : > "$done"';

/** Whatever was done with another key counts no more. */
function forgetOthers(folder: string): void {
  for (const name of readdirSync(folder)) if (name.startsWith(MARK)) rmSync(join(folder, name), { force: true });
}

const MARK = "set-up-";

/** Of this boot only: what a power cut left of the files that the command wrote is not known. */
async function markOf(folder: string, key: string): Promise<string> {
  const place = findRepository(folder);
  if (place === undefined) throw new Error(`${folder} is no worktree`);
  const name = createHash("sha256")
    .update(canonicalJson([key, bootId()]))
    .digest("hex")
    .slice(0, 16);
  return join(await makeWorktreeStateFolder(place), `${MARK}${name}`);
}

/** What went wrong, for the lane's record: why first, then the end of what was printed. */
export function describeFailure(command: Command, result: CommandResult, limitMs: number): string {
  const shown = typeof command === "string" ? command : command.join(" ");
  const how = result.timedOut
    ? `did not end within ${Math.round(limitMs / 1000)} s ("limits.setup")`
    : (result.spawnError ??
      (result.code === null ? `was ended by ${result.signal}` : `ended with exit code ${result.code}`));
  return `set-up failed: ${shown}: ${how}\n${result.tail}`.trimEnd();
}
