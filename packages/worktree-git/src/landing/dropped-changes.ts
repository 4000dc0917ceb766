import { shownPath } from "../git/paths.ts";
import type { Oid } from "../object-id.ts";
import { parseRaw, type RawChange } from "../repository/history.ts";
import type { Repository } from "../repository/repository.ts";
import { blobChanges, type LineChange, treeChanges } from "./text-changes.ts";

/** A file in which a merge would take back what others brought. */
export interface DroppedChange {
  readonly path: string;
  /** Lines that were brought and would be gone, and lines that were taken out and would be back; latin1. */
  readonly lines: readonly string[];
}

/**
 * What `landed` gained since `start` and `candidate`, a merge on top of `landed`, would not have any more: a file that
 * is what it was at `start`, or a stretch of lines that is untouched since `start` although `landed` had changed it.
 * A stretch that `candidate` changed too is somebody's decision and no drop; lines that only moved, also into another
 * file, are none either. Sorted by path.
 */
export async function droppedChanges(
  repo: Repository,
  { start, landed, candidate }: { readonly start: Oid; readonly landed: Oid; readonly candidate: Oid },
): Promise<readonly DroppedChange[]> {
  const [brought, made] = await Promise.all([rawChanges(repo, start, landed), rawChanges(repo, landed, candidate)]);
  const madeAt = new Map(made.map((change) => [change.path.toString("latin1"), change]));
  const suspects = brought.flatMap((gained) => {
    const after = madeAt.get(gained.path.toString("latin1"));
    return after === undefined ? [] : [{ gained, after }];
  });
  if (suspects.length === 0) return [];
  const moved = { lines: addedLines(await treeChanges(repo, landed, candidate)), files: newFiles(made) };
  const dropped: DroppedChange[] = [];
  for (const suspect of suspects) {
    const lines = await droppedLines(repo, suspect, moved);
    if (lines !== undefined) dropped.push({ path: shownPath(suspect.gained.path), lines });
  }
  return dropped.sort((a, b) => (a.path < b.path ? -1 : 1));
}

interface Suspect {
  /** From the start to what has landed. */
  readonly gained: RawChange;
  /** From what has landed to the candidate. */
  readonly after: RawChange;
}

interface Moved {
  readonly lines: ReadonlySet<string>;
  readonly files: ReadonlySet<string>;
}

/** `undefined`: nothing is dropped in this file. */
async function droppedLines(
  repo: Repository,
  { gained, after }: Suspect,
  moved: Moved,
): Promise<readonly string[] | undefined> {
  const isBack = after.newOid === gained.oldOid && kindOf(after.newMode) === kindOf(gained.oldMode);
  const isText = [gained.oldMode, gained.newMode, after.newMode].every((mode) => isFile(mode) || isNothing(mode));
  if (isBack) return fileIsBack(repo, { gained, after }, isText, moved);
  if (![gained.oldMode, gained.newMode, after.newMode].every(isFile)) return undefined;
  const ours = await blobChanges(repo, gained.oldOid, gained.newOid);
  const theirs = await blobChanges(repo, gained.oldOid, after.newOid);
  const lost = ours.filter((change) => !theirs.some((other) => touches(change, other)) && isGone(change, moved));
  return lost.length === 0 ? undefined : lost.flatMap(linesOf);
}

async function fileIsBack(
  repo: Repository,
  { gained }: Suspect,
  isText: boolean,
  moved: Moved,
): Promise<readonly string[] | undefined> {
  if (gained.status === "added" && moved.files.has(gained.newOid)) return undefined;
  if (!isText) return [];
  if (gained.oldOid === gained.newOid) return undefined; // only whether it may be run
  const changes = await changesOf(repo, gained);
  if (changes.length === 0) return [];
  const lost = changes.filter((change) => isGone(change, moved));
  return lost.length === 0 ? undefined : lost.flatMap(linesOf);
}

async function changesOf(repo: Repository, { oldMode, newMode, oldOid, newOid }: RawChange) {
  if (!isNothing(oldMode) && !isNothing(newMode)) return blobChanges(repo, oldOid, newOid);
  const { stdout } = await repo.door.inHub({
    command: "cat-file",
    options: ["blob"],
    values: [isNothing(oldMode) ? newOid : oldOid],
  });
  const lines = stdout.includes(0) ? [] : stdout.toString("latin1").split("\n");
  const change = isNothing(oldMode) ? { removed: [], added: lines } : { removed: lines, added: [] };
  return lines.length === 0 ? [] : [{ at: 1, ...change }];
}

/** Whether they changed the same lines of the older text; what was put in touches what stands on either side of it. */
function touches(a: LineChange, b: LineChange): boolean {
  const [one, two] = [stretch(a), stretch(b)];
  return one.from <= two.to && two.from <= one.to;
}

function stretch({ at, removed }: LineChange): { readonly from: number; readonly to: number } {
  return removed.length === 0 ? { from: at, to: at + 1 } : { from: at, to: at + removed.length - 1 };
}

/** Half of the lines that say something standing elsewhere is a move. */
function isGone({ removed, added }: LineChange, moved: Moved): boolean {
  const before = new Set(removed.map((line) => line.trim()));
  const said = added.map((line) => line.trim()).filter((line) => line !== "" && !before.has(line));
  if (said.length === 0) return removed.some((line) => line.trim() !== "");
  return said.filter((line) => moved.lines.has(line)).length * 2 < said.length;
}

function linesOf({ removed, added }: LineChange): readonly string[] {
  return [...added, ...removed].map((line) => line.trim()).filter((line) => line !== "");
}

function addedLines(changes: readonly LineChange[]): ReadonlySet<string> {
  return new Set(changes.flatMap(({ added }) => added.map((line) => line.trim())));
}

function newFiles(changes: readonly RawChange[]): ReadonlySet<string> {
  return new Set(changes.filter(({ status }) => status === "added").map(({ newOid }) => newOid));
}

async function rawChanges(repo: Repository, from: Oid, to: Oid): Promise<readonly RawChange[]> {
  const options = [
    "-r",
    "-z",
    "--raw",
    "--no-renames",
    "--no-ext-diff",
    "--no-textconv",
    "--full-index",
    "--no-abbrev",
  ];
  return parseRaw((await repo.door.inHub({ command: "diff-tree", options, values: [from, to] })).stdout);
}

function kindOf(mode: string): string {
  return isFile(mode) ? "file" : mode;
}

function isFile(mode: string): boolean {
  return mode.startsWith("100");
}

function isNothing(mode: string): boolean {
  return /^0+$/.test(mode);
}
