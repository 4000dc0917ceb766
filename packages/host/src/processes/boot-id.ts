import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** What {@link bootId} says where the system does not tell. No two of them count as the same boot. */
export const UNKNOWN_BOOT = "unknown";

let cached: string | undefined;

/** Names the present boot of this kernel; equal in every container on it. Cached. */
export function bootId(): string {
  cached ??= readBootId();
  return cached;
}

function readBootId(): string {
  try {
    if (process.platform === "linux") return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    if (process.platform === "darwin") {
      return execFileSync("sysctl", ["-n", "kern.bootsessionuuid"], { encoding: "utf8" }).trim().toLowerCase();
    }
  } catch {
    // Said below: what cannot be read is unknown, never guessed.
  }
  return UNKNOWN_BOOT;
}
