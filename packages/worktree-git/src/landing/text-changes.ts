import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";

/** A stretch of lines that differs between two texts; lines as bytes in latin1, for comparing only. */
export interface LineChange {
  /** The line of the older text that it begins at; with nothing removed: the line that it was put behind. */
  readonly at: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

/** The line changes from one blob to another; none when git takes either for binary. */
export async function blobChanges(repo: Repository, from: Oid, to: Oid): Promise<readonly LineChange[]> {
  const { stdout } = await repo.door.inHub({ command: "diff", options: OPTIONS, values: [from, to] });
  return parseChanges(stdout);
}

/** The line changes from one tree to another, of all its files together. */
export async function treeChanges(repo: Repository, from: Oid, to: Oid): Promise<readonly LineChange[]> {
  const options = ["-r", ...OPTIONS];
  const { stdout } = await repo.door.inHub({ command: "diff", options, values: [from, to], limitMs: 300_000 });
  return parseChanges(stdout);
}

const OPTIONS = ["-p", "-U0", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-color"];

/** Reads `diff -U0`: what stands behind each `@@` line. The counts say where a stretch ends, not what its lines look like. */
export function parseChanges(output: Buffer): readonly LineChange[] {
  const lines = output.toString("latin1").split("\n");
  const changes: LineChange[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, from, removed = "1", added = "1"] = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[at]!) ?? [];
    if (from === undefined) continue;
    const taken = takeLines(lines, at + 1, Number(removed), "-");
    const given = takeLines(lines, taken.next, Number(added), "+");
    changes.push({ at: Number(from), removed: taken.lines, added: given.lines });
    at = given.next - 1;
  }
  return changes;
}

function takeLines(lines: readonly string[], from: number, count: number, sign: "-" | "+") {
  const found: string[] = [];
  let next = from;
  for (; next < lines.length && found.length < count && lines[next]!.startsWith(sign); next += 1) {
    found.push(lines[next]!.slice(1));
  }
  if (lines[next]?.startsWith("\\ ")) next += 1; // no newline at the end of the file
  return { lines: found, next };
}
