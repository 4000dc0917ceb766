import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type Command, flakyOf, isGreen, type Receipt, redOf, shownCommand } from "@orchard/tracker-core";
import { inspectWorktree } from "@orchard/worktree-git";
import { dirtyPaths } from "../orchard/dirty-paths.ts";
import type { Worker } from "../orchard/worker.ts";
import { failuresNamed } from "./failures-named.ts";
import { endLeftovers, verifyMark } from "./leftovers.ts";
import { runInCheckout } from "./run-in-checkout.ts";

export interface Verification {
  /** Lane id or `base`: names the log files and the mark of the processes. */
  readonly subject: string;
  readonly commit: string;
  /** A checkout of `commit`. */
  readonly folder: string;
  readonly commands: readonly Command[];
  /**
   * Makes `folder` a clean checkout of `commit` once more, for the second run of a red gate; `false`: that cannot be.
   * Absent: nothing is run twice.
   */
  readonly cleanAgain?: () => Promise<boolean>;
  /** Where a red tree may be good all the same: every command is run, and what failed is read from the output. */
  readonly isGood?: (receipts: readonly Receipt[]) => boolean;
}

/**
 * Runs the verify commands one after the other on the committed tree in `folder`, up to the first red one, and returns
 * a receipt of each. Before anybody is blamed a red gate is run once more from a clean checkout: receipts of both
 * runs are returned, {@link redOf} and {@link flakyOf} judge them. What an earlier, killed run left behind is ended
 * first. `interrupted`: the person interrupted; nothing is known about the tree.
 */
export async function verifyCommit(worker: Worker, work: Verification): Promise<readonly Receipt[] | "interrupted"> {
  const isGood = work.isGood ?? ((receipts) => redOf(receipts) === undefined);
  const first = await runGate(worker, work, "");
  if (first === "interrupted" || isGood(first)) return first;
  if ((await work.cleanAgain?.()) !== true) return first;
  const second = await runGate(worker, work, "-again");
  if (second === "interrupted") return second;
  const receipts = [...first, ...second];
  for (const receipt of flakyOf(receipts))
    worker.orchard.ports.report({ type: "gate-flaky", subject: work.subject, command: shownCommand(receipt) });
  return receipts;
}

async function runGate(worker: Worker, work: Verification, again: string): Promise<readonly Receipt[] | "interrupted"> {
  const { orchard } = worker;
  await endLeftovers(verifyMark(work.subject, worker, work.folder));
  const logs = join(orchard.place.orchestrationDir, "logs", work.subject);
  await mkdir(logs, { recursive: true });
  const receipts: Receipt[] = [];
  for (const [index, command] of work.commands.entries()) {
    const shown = shownCommand({ command });
    orchard.ports.report({
      type: "verifying",
      subject: work.subject,
      command: shown,
      ...(again === "" ? {} : { again: true }),
    });
    const receipt = await runOne(worker, work, { command, log: join(logs, `verify-${index + 1}${again}.log`) });
    if (receipt === "interrupted") return "interrupted";
    receipts.push(receipt);
    if (!isGreen(receipt) && work.isGood === undefined) break;
  }
  return withChanges(worker, work, receipts);
}

/** One command with its receipt; where a red tree may be good all the same, with the names of what failed. */
async function runOne(
  worker: Worker,
  work: Verification,
  run: { readonly command: Command; readonly log: string },
): Promise<Receipt | "interrupted"> {
  const receipt = await runInCheckout(worker, { ...work, ...run });
  if (receipt === "interrupted" || work.isGood === undefined || isGreen(receipt)) return receipt;
  const failures = await failuresNamed(run.log);
  return failures === undefined ? receipt : { ...receipt, failures };
}

/** How many changed paths are recorded and shown. */
const LISTED = 20;

/** What the commands changed in the checkout is told and recorded; it is part of no commit. */
async function withChanges(
  { orchard }: Worker,
  { folder, commands }: Verification,
  receipts: readonly Receipt[],
): Promise<readonly Receipt[]> {
  const last = receipts.at(-1);
  if (last === undefined) return receipts;
  const changed = dirtyPaths(await inspectWorktree(await orchard.repository(), folder));
  if (changed.length === 0) return receipts;
  const some = `${changed.slice(0, LISTED).join(", ")}${changed.length > LISTED ? ", …" : ""}`;
  const which = commands.map((command) => shownCommand({ command })).join(", ");
  const text = `verify (${which}) changed files of the checkout: ${some}. None of it is committed or lands.`;
  orchard.ports.report({
    type: "warning",
    text,
    hint: "Let it only check, or name what it makes in .gitignore.",
  });
  return [...receipts.slice(0, -1), { ...last, changed: changed.slice(0, LISTED) }];
}
