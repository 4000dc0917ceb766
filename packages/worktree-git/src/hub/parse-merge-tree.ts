import { shownPath, splitNul } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";

/** One version of a conflicted path: 1 the common one, 2 ours, 3 theirs. */
export interface ConflictStage {
  readonly path: Buffer;
  readonly mode: string;
  readonly oid: Oid;
  readonly stage: 1 | 2 | 3;
}

export interface ConflictedFile {
  readonly path: string;
  /** git's word for it: `contents`, `modify/delete`, `rename/rename` … */
  readonly reason: string;
}

export interface MergeTreeAnswer {
  readonly tree: Oid;
  readonly stages: readonly ConflictStage[];
  readonly files: readonly ConflictedFile[];
}

/** Reads the output of `git merge-tree --write-tree -z`: tree, stages of conflicted paths, messages. */
export function parseMergeTree(output: Buffer): MergeTreeAnswer {
  const parts = splitNul(output);
  const tree = (parts[0]?.toString("latin1") ?? "") as Oid;
  let at = 1;
  const stages: ConflictStage[] = [];
  for (; at < parts.length && parts[at]!.length > 0; at += 1) stages.push(parseStage(parts[at]!));
  const reasons = new Map<string, string>();
  for (at += 1; at < parts.length; ) {
    const count = Number(parts[at]!.toString("latin1"));
    const paths = parts.slice(at + 1, at + 1 + count).map(shownPath);
    const kind = parts[at + 1 + count]?.toString("utf8") ?? "";
    at += count + 3;
    const reason = /^CONFLICT \((.*)\)$/.exec(kind)?.[1];
    if (reason === undefined) continue;
    for (const path of paths) if (!reasons.has(path)) reasons.set(path, reason);
  }
  return { tree, stages, files: conflictedFiles(stages, reasons) };
}

function conflictedFiles(stages: readonly ConflictStage[], reasons: ReadonlyMap<string, string>): ConflictedFile[] {
  const paths = new Set([...stages.map(({ path }) => shownPath(path))]);
  const files = [...paths].map((path) => ({ path, reason: reasons.get(path) ?? "contents" }));
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** `<mode> <oid> <stage>\t<path>` */
function parseStage(entry: Buffer): ConflictStage {
  const tab = entry.indexOf(0x09);
  const [mode = "", oid = "", stage = ""] = entry.toString("latin1", 0, tab).split(" ");
  return { mode, oid: oid as Oid, stage: Number(stage) as 1 | 2 | 3, path: entry.subarray(tab + 1) };
}
