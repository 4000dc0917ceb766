import { join } from "node:path";
import { isThere } from "../repository/is-there.ts";

/** Something that git leaves unfinished in a work tree until somebody ends it. */
export type Operation = "merge" | "rebase" | "am" | "cherry-pick" | "revert" | "bisect";

/** Files that git keeps in a git dir while an operation waits for somebody; the first that is there names it. */
const SIGNS: readonly (readonly [string, Operation])[] = [
  ["rebase-merge", "rebase"],
  ["rebase-apply/applying", "am"],
  ["rebase-apply", "rebase"],
  ["MERGE_HEAD", "merge"],
  ["CHERRY_PICK_HEAD", "cherry-pick"],
  ["REVERT_HEAD", "revert"],
  ["sequencer", "cherry-pick"],
  ["BISECT_LOG", "bisect"],
];

/** The operation that somebody began in this work tree and has not ended. */
export async function operationIn(gitDir: string): Promise<Operation | undefined> {
  const there = await Promise.all(SIGNS.map(([name]) => isThere(join(gitDir, name))));
  return SIGNS[there.indexOf(true)]?.[1];
}
