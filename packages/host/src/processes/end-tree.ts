import { setTimeout as pause } from "node:timers/promises";
import { isSystemError } from "@orchard/kernel";
import { livenessOf } from "./liveness.ts";
import { identityOf, isSameProcess, ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { readProcessTable } from "./process-table.ts";
import { processesMarked, treeRows } from "./process-tree.ts";

/** How much time a tree gets, and what belongs to it besides the root and its descendants. */
export interface EndTreeOptions {
  /** How long the processes may take over SIGTERM before SIGKILL: 10,000 ms. 0 = SIGKILL at once. */
  readonly graceMs?: number;
  /** Environment mark of the tree; processes that carry it belong to it wherever they hang. */
  readonly mark?: { readonly variable: string; readonly value: string };
  /** Processes known from before to belong to the tree, for those that left it since. */
  readonly also?: readonly ProcessIdentity[];
}

/** What was done to the processes of a tree; without survivors nothing of it runs any more. */
export interface EndedTree {
  /** Every process that was signalled, in the order of the first signal. */
  readonly signalled: readonly ProcessIdentity[];
  /** What still runs after all: another user's process, or one that the kernel does not let go. */
  readonly survivors: readonly ProcessIdentity[];
}

/**
 * Ends a process and everything that descends from it: the tree is listed before the first signal (whose parents
 * ended is found by nobody later), SIGTERM, a grace period, listed again, SIGKILL until nothing is left or
 * nothing changes. Before each signal the identity is compared, so a number that was given to a stranger is
 * left alone; the calling process is never signalled. A root that already ended is fine: mark and `also` remain.
 */
export async function endTree(root: ProcessIdentity, options: EndTreeOptions = {}): Promise<EndedTree> {
  const members = new Members(root, options);
  const graceMs = options.graceMs ?? 10_000;
  if (graceMs > 0) {
    for (const member of members.alive()) members.signal(member, "SIGTERM");
    const deadline = performance.now() + graceMs;
    while (members.alive().length > 0 && performance.now() < deadline) await pause(LOOK_EVERY_MS);
  }
  // Two empty looks: who forked and ended while the first one read the table may have been missed with its child.
  for (let round = 0, empty = 0; empty < 2 && round < KILL_ROUNDS; round += 1) {
    const alive = members.alive();
    empty = alive.length === 0 ? empty + 1 : 0;
    for (const member of alive) members.signal(member, "SIGKILL");
    await pause(round === 0 || empty > 0 ? 1 : LOOK_EVERY_MS);
  }
  return { signalled: members.signalled, survivors: members.alive() };
}

const LOOK_EVERY_MS = 25;
/** Five seconds of SIGKILL: more only helps against a process that the kernel itself holds. */
const KILL_ROUNDS = 200;

class Members {
  readonly signalled: ProcessIdentity[] = [];
  private known: readonly ProcessIdentity[];
  private readonly root: ProcessIdentity;
  private readonly mark: EndTreeOptions["mark"];

  constructor(root: ProcessIdentity, options: EndTreeOptions) {
    this.root = root;
    this.mark = options.mark;
    this.known = options.also ?? [];
  }

  /** Looks again: what was known and lives, what descends from it by now, and what carries the mark. */
  alive(): readonly ProcessIdentity[] {
    const roots = [this.root, ...this.known].filter((one) => livenessOf(one) === "alive");
    const marked = this.mark === undefined ? [] : processesMarked(this.mark.variable, this.mark.value);
    const table = readProcessTable();
    const found = [...roots, ...marked].flatMap((one) => [
      one,
      ...treeRows(one.pid, table).map((row) => identityOf(row.pid, row.startTime)),
    ]);
    const own = ownIdentity();
    this.known = unique(found).filter((one) => !isSameProcess(one, own) && livenessOf(one) === "alive");
    return this.known;
  }

  signal(member: ProcessIdentity, signal: NodeJS.Signals): void {
    if (livenessOf(member) !== "alive") return;
    try {
      process.kill(member.pid, signal);
    } catch (error) {
      if (!isSystemError(error, "ESRCH", "EPERM")) throw error;
    }
    if (!this.signalled.some((one) => isSameProcess(one, member))) this.signalled.push(member);
  }
}

function unique(identities: readonly ProcessIdentity[]): readonly ProcessIdentity[] {
  return [...new Map(identities.map((one) => [`${one.pid} ${one.startTime}`, one])).values()];
}
