import { setTimeout as pause } from "node:timers/promises";
import { livenessOf, type ProcessIdentity } from "@orchard/host";

const GRACE = 10_000;

/**
 * Ends the driver and nothing below it: supervisors and agents are for `stop` to end in order. Its identity is
 * compared before each signal, so a stranger with its number is left alone.
 */
export async function endDriverProcess(driver: ProcessIdentity): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (livenessOf(driver) !== "alive") return;
    process.kill(driver.pid, signal);
    const deadline = performance.now() + GRACE;
    while (livenessOf(driver) === "alive" && performance.now() < deadline) await pause(50);
  }
}
