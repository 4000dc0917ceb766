import type { CommitText } from "../git/commit-writer.ts";
import type { Oid } from "../object-id.ts";
import type { Person } from "../repository/repository.ts";

/** Whose name commits carry that exist for one computation only. */
const NOBODY: Person = { name: "Orchard", email: "orchard@localhost" };

/** A child of `base` with that tree, as one side of a merge; equal input gives an equal id. */
export function oneSide(base: Oid, tree: Oid): CommitText {
  const message = "One side of a three-way merge\n";
  return { tree, parents: [base], message, author: NOBODY, committer: NOBODY, at: 0, offset: 0 };
}
