import { type IsoTime, printableLine } from "@orchard/kernel";
import { findRecord, type Spec } from "../domain/spec.ts";
import type { TaskBlocker } from "./task-status.ts";

/** What a task waits for, in words: `T037 (in progress by @qwen, 12 min) and T034 (available)`. */
export function sayBlockers(spec: Spec, blockers: readonly TaskBlocker[], now: IsoTime): string {
  return inWords(blockers.map((blocker) => sayBlocker(spec, blocker, now)));
}

/** `5 s`, `12 min`, `3 h`, `2 d`: the largest whole unit. */
export function sayTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} d`;
}

function sayBlocker(spec: Spec, blocker: TaskBlocker, now: IsoTime): string {
  if (blocker.kind === "file") return `its file ${blocker.path}, which is gone from every checkout and the base`;
  if (blocker.kind === "layer") return `layer ${blocker.layer}, which has not landed whole yet`;
  const record = findRecord(spec, blocker.on);
  const { claim, work } = record ?? {};
  const how = blocker.inferred ? ", inferred" : "";
  switch (blocker.status) {
    case "in_progress": {
      const since = claim === undefined ? "" : `, ${sayTime(Date.parse(now) - Date.parse(claim.since))}`;
      const waits = claim?.waitingFor === undefined ? "" : `, waiting for: ${printableLine(claim.waitingFor)}`;
      return `${blocker.on} (in progress by @${claim?.agent ?? "?"}${since}${waits}${how})`;
    }
    case "changes_requested":
      return `${blocker.on} (rejected${work === undefined ? "" : `, by @${work.agent}`}${how})`;
    case "unlanded":
      return `${blocker.on} (done by @${work?.agent ?? "?"}, not merged yet${how})`;
    case "lost":
      return `${blocker.on} (done, but no branch holds its commit ${work?.commit?.slice(0, 10) ?? ""} any more${how})`;
    case "unknown":
      return `${blocker.on} (which the file does not define${how})`;
    default:
      return `${blocker.on} (${blocker.status}${how})`;
  }
}

function inWords(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}
