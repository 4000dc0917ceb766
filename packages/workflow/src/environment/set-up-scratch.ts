import { createHash } from "node:crypto";
import { posix } from "node:path";
import { canonicalJson } from "@orchard/kernel";
import type { Command, Receipt } from "@orchard/tracker-core";
import { committedFiles, type Oid } from "@orchard/worktree-git";
import type { Orchard } from "../orchard/open-orchard.ts";
import type { Worker } from "../orchard/worker.ts";
import { bringInIgnored } from "./bring-in-ignored.ts";
import { runSetUp } from "./run-set-up.ts";

export interface ScratchSetUp {
  /** Names the logs. */
  readonly subject: string;
  /** A clean checkout of `commit` in a worktree of our own. */
  readonly folder: string;
  readonly commit: Oid;
}

/**
 * Makes a worktree of our own ready for commands on the commit that it holds: ignored files as the main checkout has them
 * now, then set-up, unless it was done for the same inputs: the files that `setupInputs` names, without it every file of
 * the commit. Set-up that fails is tried once more before anybody is blamed for it; then its receipt is returned, as of
 * a red gate.
 */
export async function setUpScratch(worker: Worker, work: ScratchSetUp): Promise<Receipt | "ready" | "interrupted"> {
  const { orchard } = worker;
  const { subject, folder, commit } = work;
  if (!(await bringInIgnored(worker, { subject, folder, existing: "replace" }))) return "interrupted";
  const { config } = await orchard.config();
  const command = config.setup;
  if (command === undefined) return "ready";
  const key = await keyOf(orchard, commit, { command, inputs: config.setupInputs });
  const run = () => runSetUp(worker, { subject, folder, command, key });
  const first = await run();
  const last = first.kind === "failed" ? await run() : first;
  if (last.kind === "interrupted") return "interrupted";
  if (last.kind !== "failed") return "ready";
  const { code, signal, timedOut, digest, tail, elapsedMs, spawnError } = last.result;
  return { commit, command, code, signal, timedOut, digest, tail: spawnError ?? tail, elapsedMs };
}

async function keyOf(
  orchard: Orchard,
  commit: Oid,
  { command, inputs }: { readonly command: Command; readonly inputs: readonly string[] | undefined },
): Promise<string> {
  const files = await committedFiles(await orchard.repository(), commit);
  const named = inputs?.map(plain);
  const counts = (path: string) =>
    named === undefined || named.some((input) => input === "." || path === input || path.startsWith(`${input}/`));
  const content = files.filter(({ path }) => counts(path)).map(({ path, mode, oid }) => [path, mode, oid]);
  return createHash("sha256")
    .update(canonicalJson([command, content]))
    .digest("hex")
    .slice(0, 32);
}

/** As git writes it; `.` is the repository itself. */
function plain(path: string): string {
  return posix.normalize(path).replace(/\/$/, "");
}
