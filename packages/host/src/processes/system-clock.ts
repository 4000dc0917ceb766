import { randomBytes } from "node:crypto";
import { uptime } from "node:os";
import type { Clock, TokenSource } from "@orchard/kernel";

/**
 * The machine's clocks. `sinceBoot` is `os.uptime()`, which counts suspend; `process.hrtime` does not on Linux and counts
 * from the same moment for every process of a boot. On macOS it may count suspend: there nothing is said.
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  sinceBoot: () => Math.round(uptime() * 1000),
  ...(process.platform === "linux" ? { awake: () => Math.round(Number(process.hrtime.bigint() / 1_000_000n)) } : {}),
};

/** 128 random bits as 32 hex digits. */
export const randomToken: TokenSource = () => randomBytes(16).toString("hex");
