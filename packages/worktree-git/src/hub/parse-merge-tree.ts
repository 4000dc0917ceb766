import { shownPath, splitNul } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";

/** One version of a conflicted path: 1 the common one, 2 ours, 3 theirs. */
export interface ConflictStage {
  readonly path: Buffer;
  readonly mode: string;
  readonly oid: Oid;
  readonly stage: 1 | 2 | 3;
}

/** A path in which git could not bring two sides together. */
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
  return readAnswer({ parts: splitNul(output), at: 0 });
}

/**
 * Reads the output of `git merge-tree --stdin`: for each line that was asked, in order, its status, then the same
 * sections, those of conflicts only where there are some, each list ended by an empty part.
 */
export function parseMergeTrees(output: Buffer): readonly (MergeTreeAnswer | "merged")[] {
  const reading: Reading = { parts: splitNul(output), at: 0 };
  const answers: (MergeTreeAnswer | "merged")[] = [];
  while (reading.at < reading.parts.length) {
    const isClean = reading.parts[reading.at]!.toString("latin1") === "1";
    reading.at += 1;
    if (isClean) {
      reading.at += 2;
      answers.push("merged");
      continue;
    }
    answers.push(readAnswer(reading));
    reading.at += 1;
  }
  return answers;
}

interface Reading {
  readonly parts: readonly Buffer[];
  at: number;
}

function readAnswer(reading: Reading): MergeTreeAnswer {
  const { parts } = reading;
  const tree = (parts[reading.at]?.toString("latin1") ?? "") as Oid;
  const stages: ConflictStage[] = [];
  for (reading.at += 1; isSomething(reading); reading.at += 1) stages.push(parseStage(parts[reading.at]!));
  const reasons = new Map<string, string>();
  for (reading.at += 1; isSomething(reading); ) {
    const count = Number(parts[reading.at]!.toString("latin1"));
    const paths = parts.slice(reading.at + 1, reading.at + 1 + count).map(shownPath);
    const kind = parts[reading.at + 1 + count]?.toString("utf8") ?? "";
    reading.at += count + 3;
    const reason = /^CONFLICT \((.*)\)$/.exec(kind)?.[1];
    if (reason === undefined) continue;
    for (const path of paths) if (!reasons.has(path)) reasons.set(path, reason);
  }
  return { tree, stages, files: conflictedFiles(stages, reasons) };
}

function isSomething({ parts, at }: Reading): boolean {
  return at < parts.length && parts[at]!.length > 0;
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
