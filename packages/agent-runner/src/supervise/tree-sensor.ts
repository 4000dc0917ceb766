import { identityOf, isSameProcess, livenessOf, type ProcessIdentity, readProcessTable, treeRows } from "@orchard/host";

/** Less than this share of one processor is the ticking of a program that waits. */
const BUSY_SHARE = 0.01;
const BUSY_AT_LEAST_MS = 50;

/**
 * Watches an agent's process tree: how much processor time it takes, and who belongs to it, those that leave the tree
 * later included.
 */
export class TreeSensor {
  private readonly root: ProcessIdentity;
  private members: readonly ProcessIdentity[];
  private cpu = new Map<string, number>();
  private busy = 0;
  private quietMs = 0;

  constructor(root: ProcessIdentity) {
    this.root = root;
    this.members = [root];
  }

  /** All that belonged to the tree at some look and may still live. */
  get known(): readonly ProcessIdentity[] {
    return this.members;
  }

  /** Looks again, `elapsedMs` after the last time. True when the tree took processor time worth the name. */
  isBusy(elapsedMs: number): boolean {
    const table = readProcessTable();
    const alive = this.members.filter((one) => livenessOf(one) === "alive");
    const rows = new Map([this.root, ...alive].flatMap((one) => treeRows(one.pid, table)).map((row) => [row.pid, row]));
    const seen = [...rows.values()].map((row) => identityOf(row.pid, row.startTime));
    this.members = [...seen, ...alive.filter((one) => !seen.some((other) => isSameProcess(one, other)))];
    const cpu = new Map([...rows.values()].map((row) => [`${row.pid} ${row.startTime}`, row.cpuMs]));
    for (const [key, ms] of cpu) this.busy += Math.max(0, ms - (this.cpu.get(key) ?? 0));
    this.cpu = cpu;
    this.quietMs += elapsedMs;
    if (this.busy <= Math.max(BUSY_AT_LEAST_MS, this.quietMs * BUSY_SHARE)) return false;
    this.busy = 0;
    this.quietMs = 0;
    return true;
  }
}
