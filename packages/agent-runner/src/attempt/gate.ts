import { statSync, writeFileSync } from "node:fs";
import { livenessOf, ownIdentity, type ProcessIdentity } from "@orchard/host";
import { attemptFiles } from "./attempt-files.ts";

/** Closes the gate of an attempt, behind which the agent's process waits until it is let run. */
export function closeGate(folder: string): void {
  writeFileSync(attemptFiles(folder).gate, "closed\n", { mode: 0o600 });
}

/**
 * A line for `sh -c`, with the gate and the agent's command as its arguments. Waits for one line on descriptor 3, whose
 * end without one means that the supervisor is gone; then opens the gate and becomes the agent. It is this very process
 * that empties the file, so whenever both die: a gate that is closed had no agent run. Emptying takes no space on a disk
 * that is full; where it cannot be done the shell ends.
 */
export const GATEKEEPER = 'read -r go <&3 || exit 125; exec 3<&-; : > "$1"; shift; exec "$@"';

/**
 * Whether it is certain that the agent ended without ever having been let run. Only in the boot that it was started
 * in: what a power cut left of the gate proves nothing.
 */
export function endedAtGate(folder: string, agent: ProcessIdentity): boolean {
  const isOver = agent.bootId === ownIdentity().bootId && livenessOf(agent) === "dead";
  return isOver && (statSync(attemptFiles(folder).gate, { throwIfNoEntry: false })?.size ?? 0) > 0;
}
