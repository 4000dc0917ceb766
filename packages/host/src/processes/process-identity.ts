import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import { bootId } from "./boot-id.ts";
import { readProcessRow } from "./process-table.ts";
import { randomToken } from "./system-clock.ts";

/**
 * What tells one process from every other, those that later get its number included. Plain JSON; safe to keep
 * in a file, since nothing is done to a process before all of it was compared.
 */
export interface ProcessIdentity {
  /** Host name and machine id. */
  readonly host: string;
  /** Linux: the pid namespace that `pid` counts in. Elsewhere empty. */
  readonly pidNamespace: string;
  readonly pid: number;
  readonly startTime: string;
  readonly bootId: string;
  /** Chosen by who keeps the identity; the system does not know it. */
  readonly token?: string | undefined;
}

let own: ProcessIdentity | undefined;

/** This process, with a random token that no other process has. Cached. */
export function ownIdentity(): ProcessIdentity {
  own ??= { ...identityOf(process.pid, readProcessRow(process.pid)?.startTime ?? ""), token: randomToken() };
  return own;
}

/** The live process with that number in our own namespace, or `undefined`: none, ended, or nothing readable. */
export function readIdentity(pid: number): ProcessIdentity | undefined {
  const row = readProcessRow(pid);
  return row === undefined || row.state === "ended" ? undefined : identityOf(pid, row.startTime);
}

/**
 * A child that this process has just spawned. To be called before the event loop turns: until then it has its number
 * even when it ended at once.
 */
export function identityOfChild(pid: number | undefined): ProcessIdentity {
  return identityOf(pid ?? 0, pid === undefined ? "" : (readProcessRow(pid)?.startTime ?? ""));
}

/** `pid` as a process of this host, this namespace and this boot. */
export function identityOf(pid: number, startTime: string): ProcessIdentity {
  return { ...place(), pid, startTime, bootId: bootId() };
}

/** Whether both name the same process; tokens are not compared, an identity read from the system has none. */
export function isSameProcess(a: ProcessIdentity, b: ProcessIdentity): boolean {
  return (
    a.pid === b.pid &&
    a.startTime === b.startTime &&
    a.bootId === b.bootId &&
    a.pidNamespace === b.pidNamespace &&
    a.host === b.host
  );
}

let cachedPlace: Pick<ProcessIdentity, "host" | "pidNamespace"> | undefined;

function place(): Pick<ProcessIdentity, "host" | "pidNamespace"> {
  cachedPlace ??= { host: host(), pidNamespace: pidNamespace() };
  return cachedPlace;
}

/** Name and machine id: machines that were cloned share the second, containers often too. */
function host(): string {
  try {
    return `${hostname()}/${readFileSync("/etc/machine-id", "utf8").trim()}`;
  } catch {
    return hostname();
  }
}

function pidNamespace(): string {
  if (process.platform !== "linux") return "";
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "unknown";
  }
}
