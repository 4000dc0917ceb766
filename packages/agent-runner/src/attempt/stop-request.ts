import { readFileSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { nodeFiles, writeDurable } from "@orchard/host";
import { type IsoTime, isoTime } from "@orchard/kernel";
import { attemptFiles } from "./attempt-files.ts";

/** That somebody wants an attempt to end: why, in words, and when it was asked (empty where the file is damaged). */
export interface StopRequest {
  readonly reason: string;
  readonly at: IsoTime;
}

/**
 * Asks the attempt's supervisor to end its agent. Obeyed within a second while a supervisor lives, by the next
 * one otherwise, and before the agent starts when it has not yet. Asking again replaces the reason.
 */
export async function requestStop(folder: string, reason: string): Promise<void> {
  const files = attemptFiles(folder);
  await mkdir(files.control, { recursive: true, mode: 0o700 });
  const request: StopRequest = { reason, at: isoTime(Date.now()) };
  await writeDurable(nodeFiles, files.stop, `${JSON.stringify(request)}\n`, { mode: 0o600 });
}

/** The request, if there is one. A file that is damaged asks for a stop all the same. */
export function readStop(folder: string): StopRequest | undefined {
  let text: string;
  try {
    text = readFileSync(attemptFiles(folder).stop, "utf8");
  } catch {
    return undefined;
  }
  try {
    const request = JSON.parse(text) as Partial<StopRequest> | null;
    return { reason: String(request?.reason ?? "asked to stop"), at: String(request?.at ?? "") };
  } catch {
    return { reason: "asked to stop", at: "" };
  }
}
