import { randomBytes } from "node:crypto";
import { uptime } from "node:os";
import type { Clock, TokenSource } from "@orchard/kernel";

/** The machine's clocks. `sinceBoot` is `os.uptime()`, which counts suspend (`process.hrtime` does not). */
export const systemClock: Clock = {
  now: () => Date.now(),
  sinceBoot: () => Math.round(uptime() * 1000),
};

/** 128 random bits as 32 hex digits. */
export const randomToken: TokenSource = () => randomBytes(16).toString("hex");
