import { isOrchardError } from "@orchard/kernel";
import { isGreen, type Lane, type Receipt, redOf, requireHome, shownCommand, shownEnd } from "@orchard/tracker-core";
import { type Oid, parseOid, parseRef } from "@orchard/worktree-git";
import { interrupted } from "../errors.ts";
import { checkBase } from "../land/check-base.ts";
import { ensureLanded } from "../land/landed.ts";
import type { Driver } from "../orchard/driver.ts";
import type { Orchard } from "../orchard/open-orchard.ts";
import { addedFailures } from "../verify/added-failures.ts";
import { verifyMerged } from "../verify/verify-merged.ts";
import type { ExecuteOptions } from "./execute-options.ts";
import type { Shortfall } from "./shortfall.ts";
import { redWork, verifyWork } from "./verify-work.ts";

export type WorkJudgement =
  | {
      readonly kind: "good";
      readonly receipts: readonly Receipt[];
      /** What the lane started from is red and nothing is added: what was compared, a sentence for each command. */
      readonly onRedBase?: readonly string[];
    }
  | { readonly kind: "short"; readonly shortfall: Shortfall }
  | { readonly kind: "interrupted" };

/**
 * Whether the work at `head` counts: every command green, or, where a red base is allowed and the commit that the lane
 * started from is red, no failure that this commit has not. Red work is told apart from a base that is known to be red.
 */
export async function judgeWork(
  driver: Driver,
  lane: Lane,
  head: Oid,
  { allowRedBase = false }: ExecuteOptions,
): Promise<WorkJudgement> {
  const start = parseOid(lane.worktree?.start ?? head);
  const hasCommands = lane.definition.verify?.length !== 0;
  const base = allowRedBase && hasCommands ? await startOnce(driver, lane, start) : [];
  if (base === "interrupted") return { kind: "interrupted" };
  const isRedBase = redOf(base) !== undefined;
  const addsNothing = (receipts: readonly Receipt[]) => addedFailures(base, receipts).every(({ added }) => !added);
  const receipts = await verifyWork(driver, lane, head, isRedBase ? { isGood: addsNothing } : {});
  if (receipts === "interrupted") return { kind: "interrupted" };
  const red = redWork(receipts);
  if (red === undefined) return { kind: "good", receipts };
  if (!isRedBase) return { kind: "short", shortfall: await besideKnownBase(driver, start, receipts, red) };
  const comparisons = addedFailures(base, receipts);
  const added = comparisons.filter((one) => one.added);
  if (added.length === 0) return { kind: "good", receipts, onRedBase: comparisons.map(({ how }) => how) };
  const blamed = redOf(receipts.filter((one) => added.some(({ command }) => command === shownCommand(one))));
  const reason = `verify is red, with failures that the base has not: ${added.map(({ how }) => how).join("; ")}`;
  const tail = blamed === undefined ? "" : `\n${blamed.tail}`;
  return { kind: "short", shortfall: { cause: red.cause, reason: `${reason}${tail}` } };
}

const checks = new WeakMap<Driver, Map<Oid, Promise<readonly Receipt[]>>>();

/** What the commit that lanes started from gives by itself: found out once, however many lanes of it end together. */
async function startOnce(driver: Driver, lane: Lane, start: Oid): Promise<readonly Receipt[] | "interrupted"> {
  const known = checks.get(driver) ?? new Map<Oid, Promise<readonly Receipt[]>>();
  checks.set(driver, known);
  const check = known.get(start) ?? checkStart(driver, lane, start);
  known.set(start, check);
  try {
    return await check;
  } catch (error) {
    known.delete(start);
    if (!isOrchardError(error, "INTERRUPTED")) throw error;
    return "interrupted";
  }
}

/** Only what is the base by itself goes on record as such: not an older one, nor one with work that has not landed. */
async function checkStart(driver: Driver, lane: Lane, start: Oid): Promise<readonly Receipt[]> {
  const { orchard } = driver;
  const { base } = await orchard.tracker();
  if (base.checked?.commit === start || (lane.contains.length === 0 && (await isNewest(orchard, start))))
    return checkBase(driver, start, { allowRedBase: true });
  const { verify } = (await orchard.config()).config;
  const isGood = (receipts: readonly Receipt[]) => redOf(receipts) === undefined;
  const receipts = await verifyMerged(driver, `start-${start.slice(0, 10)}`, start, verify, { isGood });
  if (receipts === "interrupted") throw interrupted(0);
  return receipts;
}

async function isNewest(orchard: Orchard, start: Oid): Promise<boolean> {
  const repository = await orchard.repository();
  const landed = await ensureLanded(repository, parseRef(requireHome(await orchard.tracker()).base));
  return repository.isAncestor(landed, start);
}

/** A command that is known to be red on the commit that the lane started from says little about its agent. */
async function besideKnownBase(
  driver: Driver,
  start: Oid,
  receipts: readonly Receipt[],
  shortfall: Shortfall,
): Promise<Shortfall> {
  const red = redOf(receipts);
  const { checked } = (await driver.orchard.tracker()).base;
  if (red === undefined || checked?.commit !== start) return shortfall;
  const same = checked.receipts.filter(({ command }) => JSON.stringify(command) === JSON.stringify(red.command));
  const before = same.at(-1);
  if (before === undefined || isGreen(before)) return shortfall;
  const base = `the base is red itself: ${shownCommand(before)} ${shownEnd(before)} at ${start.slice(0, 10)}`;
  const hint =
    "mend it, or let lanes go on that add no failure: orch execute --allow-red-base, orch merge --allow-red-base";
  return { ...shortfall, reason: `${base} (${hint})\n${shortfall.reason}` };
}
