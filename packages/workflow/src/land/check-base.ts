import { type Command, happened, type Receipt, redOf } from "@orchard/tracker-core";
import type { Oid } from "@orchard/worktree-git";
import { interrupted, redBase } from "../errors.ts";
import type { Worker } from "../orchard/worker.ts";
import { verifyMerged } from "../verify/verify-merged.ts";

/**
 * What the verify commands give on the base's own tree: known from the last check, else found out and recorded.
 * Throws `RED_BASE` before any lane is blamed; where a red base is allowed it returns the red receipts, of every command
 * and with the names of what fails, for lanes to be compared with. Throws `INTERRUPTED`.
 */
export async function checkBase(
  worker: Worker,
  commit: Oid,
  { allowRedBase = false }: { readonly allowRedBase?: boolean | undefined },
): Promise<readonly Receipt[]> {
  const { orchard } = worker;
  const { checked } = (await orchard.tracker()).base;
  const { config } = await orchard.config();
  const isCovered = (command: Command) =>
    checked?.receipts.some((receipt) => JSON.stringify(receipt.command) === JSON.stringify(command));
  const isKnown = checked?.commit === commit && config.verify.every(isCovered);
  if (isKnown && (checked.green || (allowRedBase && checked.whole === true))) return checked.receipts;
  const isGood = allowRedBase ? { isGood: isGreenWhole } : {};
  const receipts = await verifyMerged(worker, "base", commit, config.verify, isGood);
  if (receipts === "interrupted") throw interrupted(0);
  const red = redOf(receipts);
  const green = red === undefined;
  await worker.record(`base: checked ${commit.slice(0, 10)}, ${green ? "green" : "red"}`, () =>
    happened({ type: "base-checked", commit, green, receipts, ...(allowRedBase ? { whole: true } : {}) }),
  );
  if (receipts.length > 0) orchard.ports.report({ type: "base-checked", commit, green });
  if (red !== undefined && !allowRedBase) throw redBase(red, await askedBy(worker));
  return receipts;
}

/** The command that works here; the only one that brings the base in beside a driver is `sync`. */
async function askedBy(worker: Worker): Promise<string> {
  const { driver } = await worker.orchard.tracker();
  if (!("epoch" in worker)) return "orch sync";
  return /^orch (?:merge|probes|full|execute)/.exec(driver?.command ?? "")?.[0] ?? "orch merge";
}

function isGreenWhole(receipts: readonly Receipt[]): boolean {
  return redOf(receipts) === undefined;
}
