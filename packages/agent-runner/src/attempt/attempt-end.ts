import { readFileSync } from "node:fs";
import { nodeFiles, writeDurable } from "@orchard/host";
import { type IsoTime, isSystemError } from "@orchard/kernel";
import { attemptDamaged } from "../errors.ts";
import { attemptFiles } from "./attempt-files.ts";

/** How an attempt ended. That the agent "exited" with 0 never means that the work is done. */
export interface AttemptEnd {
  readonly token: string;
  readonly outcome: AttemptOutcome;
  readonly code: number | null;
  readonly signal: string | null;
  /** One sentence, where the outcome alone does not say enough. */
  readonly reason?: string;
  /** Its process, or its supervisor, died before the agent was let run: nothing was tried. */
  readonly neverRan?: true;
  readonly endedAt: IsoTime;
  /** All that the agent printed, what was dropped included. */
  readonly outputBytes: number;
}

/**
 * How an attempt came to its end. `idle`, `overtime`, `stopped`: its supervisor ended it, for its silence, for the
 * time that it took, or because somebody asked.
 */
export type AttemptOutcome =
  /** It ended by itself, with `code`. */
  | "exited"
  /** A signal that was not ours ended it. */
  | "signalled"
  | "idle"
  | "overtime"
  | "stopped"
  /** It never ran; `reason` says why. */
  | "spawnFailed"
  /** Its supervisor died before it: nobody saw how it ended. */
  | "unknown";

/** Durable when it returns; a crash before leaves no exit file at all. */
export async function writeEnd(folder: string, end: AttemptEnd): Promise<void> {
  await writeDurable(nodeFiles, attemptFiles(folder).exit, `${JSON.stringify(end)}\n`, { mode: 0o600 });
}

/** `undefined` while the attempt runs, and when nobody saw its end. Throws `ATTEMPT_DAMAGED`. */
export function readEnd(folder: string): AttemptEnd | undefined {
  const path = attemptFiles(folder).exit;
  try {
    const end = JSON.parse(readFileSync(path, "utf8")) as Partial<AttemptEnd> | null;
    if (typeof end?.outcome === "string" && typeof end.token === "string") return end as AttemptEnd;
  } catch (error) {
    if (isSystemError(error, "ENOENT", "ENOTDIR")) return undefined;
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw attemptDamaged(path);
}
