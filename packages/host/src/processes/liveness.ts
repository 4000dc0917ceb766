import { UNKNOWN_BOOT } from "./boot-id.ts";
import { ownIdentity, type ProcessIdentity } from "./process-identity.ts";
import { type ProcessRow, readProcessRow } from "./process-table.ts";

/** `unknown` = nothing may be concluded: neither signal it nor count it as gone. */
export type Liveness = "alive" | "dead" | "unknown";

/**
 * Whether that very process still runs. "dead" is only said of a process of this host and pid namespace
 * (boot ids are equal across containers, so they alone prove nothing); a zombie is dead.
 */
export function livenessOf(identity: ProcessIdentity): Liveness {
  if (!isJudgeable(identity)) return "unknown";
  if (identity.bootId !== ownIdentity().bootId) return "dead";
  const row = readProcessRow(identity.pid);
  if (row === undefined) return isSignalable(identity.pid) ? "unknown" : "dead";
  return row.startTime === identity.startTime && row.state !== "ended" ? "alive" : "dead";
}

/** The row of that very process, or `undefined` when it ended or cannot be judged from here. */
export function readAliveRow(identity: ProcessIdentity): ProcessRow | undefined {
  return livenessOf(identity) === "alive" ? readProcessRow(identity.pid) : undefined;
}

function isJudgeable(identity: ProcessIdentity): boolean {
  const own = ownIdentity();
  return (
    identity.host === own.host &&
    identity.pidNamespace === own.pidNamespace &&
    identity.startTime !== "" &&
    identity.bootId !== UNKNOWN_BOOT &&
    own.bootId !== UNKNOWN_BOOT &&
    own.startTime !== ""
  );
}

/** Signal 0 reaches it, or would if it were ours: there is a process that the table did not show. */
function isSignalable(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !(error instanceof Error && "code" in error && error.code === "ESRCH");
  }
}
