import { join } from "node:path";
import { type Lane, lastAttempt, type Receipt, redOf, shownCommand, shownEnd } from "@orchard/tracker-core";
import { awaitWriters, type Oid, setChangesAside } from "@orchard/worktree-git";
import type { Driver } from "../orchard/driver.ts";
import { pathExists } from "../orchard/path-exists.ts";
import { type Verification, verifyCommit } from "../verify/verify-commit.ts";
import type { Shortfall } from "./shortfall.ts";
import { whenStopIsAsked } from "./when-stop-is-asked.ts";

/**
 * Runs the verify commands on a lane's commit, in its own worktree, where what it needs is installed. The files that
 * they change there are none of the agent's: they are moved beside the attempt's logs, before a red gate is run again
 * and at the end, so that neither the next attempt nor cleaning up finds them.
 */
export async function verifyWork(
  driver: Driver,
  lane: Lane,
  head: Oid,
  { isGood }: Pick<Verification, "isGood"> = {},
): Promise<readonly Receipt[] | "interrupted"> {
  const { orchard } = driver;
  const { config } = await orchard.config();
  const folder = join(orchard.place.mainRoot, lane.worktree?.path ?? "");
  // Of a driver that died while it set changes aside.
  await awaitWriters(folder);
  const cleanAgain = () => setVerifysAside(driver, lane, head);
  using stop = whenStopIsAsked(driver, lane);
  const worker = { ...driver, interrupted: AbortSignal.any([driver.interrupted, stop.signal]) };
  const commands = lane.definition.verify ?? config.verify;
  const work = { subject: lane.id, commit: head, folder, commands, cleanAgain };
  const receipts = await verifyCommit(worker, { ...work, ...(isGood === undefined ? {} : { isGood }) });
  if (receipts !== "interrupted" && receipts.some(({ changed }) => changed !== undefined)) await cleanAgain();
  return receipts;
}

/**
 * Moves what verify changed in a lane's worktree beside the attempt's logs, so that its files are those of `head`; `false`:
 * that cannot be. Also what verify left whose driver died: a gate judges the commit, not that.
 */
export async function setVerifysAside({ orchard }: Driver, lane: Lane, head: Oid): Promise<boolean> {
  const folder = join(orchard.place.mainRoot, lane.worktree?.path ?? "");
  const attempt = join(orchard.place.attemptsDir, lastAttempt(lane.attempts)?.token ?? "");
  const to = await freeFolder(join(attempt, "left-by-verify"));
  return (await setChangesAside(await orchard.repository(), folder, { commit: head, to })) !== undefined;
}

async function freeFolder(name: string): Promise<string> {
  for (let number = 1; ; number += 1) if (!(await pathExists(`${name}-${number}`))) return `${name}-${number}`;
}

/** Why verified work does not count, if it does not: a red gate, and apart from that one that ran out of time. */
export function redWork(receipts: readonly Receipt[]): Shortfall | undefined {
  const red = redOf(receipts);
  if (red === undefined) return undefined;
  const twice = receipts.filter((one) => shownCommand(one) === shownCommand(red)).length > 1 ? ", twice" : "";
  const limit = red.timedOut ? `; the limit is "verify" in "limits" of orch.config.jsonc` : "";
  const reason = `verify is red: ${shownCommand(red)} ${shownEnd(red)}${twice}${limit}\n${red.tail}`;
  return { cause: red.timedOut ? "verify-timeout" : "verify-red", reason };
}
