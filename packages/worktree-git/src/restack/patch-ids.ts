import { isOrchardError } from "@orchard/kernel";
import type { Oid } from "../object-id.ts";
import type { Repository } from "../repository/repository.ts";

/** A change between two commits; without `from` the one that a commit makes to its only parent. */
export interface Change {
  readonly from?: Oid;
  readonly to: Oid;
}

/** Diffs made in one call: their text is held in memory. */
const AT_ONCE = 100;

/**
 * git's stable patch id of each change, in the same order: equal for changes that are equal but for white space and
 * where in a file they are made. `undefined` for an empty change and for one too large to hold. Not for merges
 * without `from`.
 */
export async function patchIds(repo: Repository, changes: readonly Change[]): Promise<readonly (string | undefined)[]> {
  const ids: (string | undefined)[] = [];
  for (let at = 0; at < changes.length; at += AT_ONCE) {
    const some = changes.slice(at, at + AT_ONCE);
    ids.push(...(await idsOf(repo, some)));
  }
  return ids;
}

async function idsOf(repo: Repository, changes: readonly Change[]): Promise<readonly (string | undefined)[]> {
  try {
    return await idsAtOnce(repo, changes);
  } catch (error) {
    if (!isOrchardError(error, "GIT_OUTPUT_TOO_LARGE")) throw error;
    if (changes.length === 1) return [undefined];
    const half = Math.ceil(changes.length / 2);
    return [...(await idsOf(repo, changes.slice(0, half))), ...(await idsOf(repo, changes.slice(half)))];
  }
}

async function idsAtOnce(repo: Repository, changes: readonly Change[]): Promise<readonly (string | undefined)[]> {
  const { stdout: diffs } = await repo.door.inHub({
    command: "diff-tree",
    options: DIFF,
    stdin: changes.map(({ from, to }) => (from === undefined ? `${to}\n` : `${to} ${from}\n`)).join(""),
    limitMs: 300_000,
  });
  const { stdout } = await repo.door.inHub({
    command: "patch-id",
    options: ["--stable"],
    stdin: numbered(diffs, changes),
    limitMs: 300_000,
  });
  const ids: (string | undefined)[] = changes.map(() => undefined);
  for (const line of stdout.toString("latin1").split("\n")) {
    const [id, number] = line.split(" ");
    if (id !== undefined && number !== undefined) ids[Number.parseInt(number, 16)] = id;
  }
  return ids;
}

const DIFF = [
  "--stdin",
  "--always",
  "--root",
  "-r",
  "-p",
  "--full-index",
  "--no-renames",
  "--no-ext-diff",
  "--no-textconv",
];

/**
 * Each diff is headed by the id of its commit, which two changes may share; their numbers take its place, written as
 * ids. No other line of a diff is a bare id: those begin with a blank, a sign or a word.
 */
function numbered(diffs: Buffer, changes: readonly Change[]): Buffer {
  const parts: Buffer[] = [];
  let number = 0;
  let start = 0;
  for (let at = 0; at < diffs.length; at = nextLine(diffs, at)) {
    const expected = changes[number]?.to;
    if (expected === undefined || !isLine(diffs, at, expected)) continue;
    parts.push(diffs.subarray(start, at), Buffer.from(number.toString(16).padStart(expected.length, "0")));
    start = at + expected.length;
    number += 1;
  }
  return Buffer.concat([...parts, diffs.subarray(start)]);
}

function isLine(bytes: Buffer, at: number, text: string): boolean {
  const end = at + text.length;
  return bytes[end] === LINE_FEED && bytes.toString("latin1", at, end) === text;
}

function nextLine(bytes: Buffer, at: number): number {
  const end = bytes.indexOf(LINE_FEED, at);
  return end === -1 ? bytes.length : end + 1;
}

const LINE_FEED = 0x0a;
